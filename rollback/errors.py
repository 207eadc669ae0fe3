"""What rollback refuses.

ServiceError (catalog)
├── Conflict
│   ├── AlreadyRequested      the workflow has an open request; names it
│   ├── TargetRefused         this version can't be rolled back to; names why
│   ├── NotAcknowledged       warnings that somebody must agree to by name
│   ├── NothingToDo           DolphinScheduler holds exactly this already
│   ├── SeenMoved             what the asker saw is not what is there any more
│   ├── RequestClosed         the request is not open (any more)
│   ├── AlreadyDecided        the actor has approved or rejected it before
│   ├── NothingToReview       no glass was broken, it is not over, or it was reviewed
│   ├── NotApproved           the approvals it needs are not there
│   ├── Voided                what it was approved for has moved; names what
│   ├── StillInDolphin        a restore, and the workflow is there (again)
│   ├── MissingInDolphin      the workflow is not in DolphinScheduler; restore it instead
│   ├── NothingChosen         none of the workflows of a rollback of many can be rolled back as they were chosen
│   └── NothingLeft           nothing of a rollback of many can be approved, executed, asked for again or cancelled
├── OwnRequest                nobody approves a request of their own (403)
└── NotAnApprover             the rules name groups, and the actor is in none of them (403)
"""

from django.utils.translation import gettext_lazy as _

from catalog.errors import Conflict, ServiceError


class AlreadyRequested(Conflict):
    code = "already_requested"
    message = _("This workflow has an open rollback already. Execute or cancel that one first.")


class TargetRefused(Conflict):
    code = "target_refused"
    message = _("This version can't be rolled back to.")


class NotAcknowledged(Conflict):
    code = "not_acknowledged"
    message = _("Agree to each warning by its name, or choose another version.")


class NothingToDo(Conflict):
    code = "nothing_to_do"
    message = _("DolphinScheduler holds exactly this already, with the states you ask for.")


class SeenMoved(Conflict):
    code = "seen_moved"
    message = _("Something has moved since you looked. Look again, then ask again.")


class RequestClosed(Conflict):
    code = "request_closed"
    message = _("This request is closed, or being executed. Ask again.")


class AlreadyDecided(Conflict):
    code = "already_decided"
    message = _("You have decided on this request already.")


class NothingToReview(Conflict):
    code = "nothing_to_review"
    message = _("There is nothing to review here, or not yet.")


class NotApproved(Conflict):
    code = "not_approved"
    message = _("The approvals it needs are not there yet.")


class Voided(Conflict):
    code = "voided"
    message = _("What was asked for is not what it would do any more. Ask again.")


class MissingInDolphin(Conflict):
    code = "missing_in_dolphin"
    message = _("DolphinScheduler does not have this workflow any more. Restore it instead.")


class StillInDolphin(Conflict):
    code = "still_in_dolphin"
    message = _("DolphinScheduler has this workflow (again). Capture it, then roll back.")


class NothingChosen(Conflict):
    code = "nothing_chosen"
    message = _("None of these workflows can be rolled back. Look at the list again.")


class NothingLeft(Conflict):
    code = "nothing_left"
    message = _("There is nothing in this rollback of many that this could be done with.")


class OwnRequest(ServiceError):
    code = "own_request"
    status = 403
    message = _("Nobody decides on a request of their own.")


class NotAnApprover(ServiceError):
    code = "not_an_approver"
    status = 403
    message = _("The project's rules let only members of some groups approve.")
