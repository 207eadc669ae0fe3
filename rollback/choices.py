"""Words of the rollback tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Act(models.TextChoices):
    """What is asked for. Rollback and restore publish an earlier version again; a restore makes the workflow anew in DolphinScheduler.

    Putting back brings DolphinScheduler to the published version once more: no new version.
    """

    ROLLBACK = "rollback", _("roll back")
    RESTORE = "restore", _("restore a deleted workflow")
    PUT_BACK = "put_back", pgettext_lazy("act", "put back")


class State(models.TextChoices):
    """pending -> approved -> executing -> done | failed; pending | approved | failed -> rejected | cancelled | expired | voided.

    failed -> executing while the approval still matches.
    """

    PENDING = "pending", _("waiting for approval")
    APPROVED = "approved", _("approved")
    EXECUTING = "executing", _("being executed")
    DONE = "done", pgettext_lazy("state of a request", "done")
    FAILED = "failed", _("failed")
    REJECTED = "rejected", _("rejected")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("expired")
    VOIDED = "voided", _("voided")


OPEN = (State.PENDING, State.APPROVED, State.EXECUTING)
WAITING = (State.PENDING, State.APPROVED)  # nothing has begun
EXECUTABLE = (State.APPROVED, State.FAILED)


class Category(models.TextChoices):
    """Why one goes back."""

    BAD_PUBLISH = "bad_publish", _("a bad publish")
    WRONG_DATA = "wrong_data", _("wrong data")
    RUNS_FAIL = "runs_fail", _("runs fail")
    TOO_SLOW = "too_slow", _("too slow or too costly")
    EDITED = "edited", _("changed in DolphinScheduler")
    UPSTREAM = "upstream", _("something upstream changed")
    DRILL = "drill", _("a drill")
    OTHER = "other", _("another reason")


class Decision(models.TextChoices):
    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")


class Rule(models.TextChoices):
    """What may stand for the approvals by itself (P5.5)."""

    NONE = "", _("none")
    SAME_AUTHOR = "same_author", _("the author takes back a publish of the last minutes")
    HARMLESS = "harmless", _("only schedule or layout change")


class Verdict(models.TextChoices):
    """Of a review after the glass was broken."""

    NONE = "", _("not reviewed")
    RIGHT = "right", _("it was right")
    WRONG = "wrong", _("it should not have been done")


class ItemState(models.TextChoices):
    """Of a workflow in a rollback of many: waiting -> submitted | left_out; submitted | refused -> ordered -> begun | refused.

    left_out -> waiting when it is asked for again. What becomes of one that has begun, its request says.
    """

    WAITING = "waiting", _("to be asked for")
    LEFT_OUT = "left_out", _("left out")
    SUBMITTED = "submitted", _("asked for")
    ORDERED = "ordered", _("to be executed")
    REFUSED = "refused", _("not executed")
    BEGUN = "begun", _("begun")
