"""What publishing and syncing refuse, as callers see it.

ServiceError (catalog)
├── Conflict
│   ├── WorkflowLocked        another sync holds the workflow; names it
│   ├── NotLocked             nobody holds the workflow, so there is nothing to free
│   ├── StillAtWork           the holder can go on by itself; says until when to wait
│   ├── StaleBase             the caller's base is not the published version
│   ├── AlreadyBound          the DolphinScheduler code belongs to another key
│   ├── NameGoverned          another key stands for a workflow of this name; names it
│   ├── Superseded            a newer version stands in the way of a retry
│   ├── RetryThroughRequest   a rollback is executed again, by its request
│   ├── NotCancellable        a write was sent, or a worker has it
│   ├── NotRestorable         the workflow can't be made anew from this version; says why
│   ├── NotRebindable         the key can't stand for that workflow; says why
│   ├── NotInAttention        nobody is called, so there is nothing to resume or give up
│   ├── Frozen                a freeze window is on; names it, its end and its reason
│   ├── Quarantined           the content must not be published; names who says so and why
│   ├── WebhookNotApproved    nothing may be sent to the address yet
│   ├── NotADraft             nobody waits for a word on this version
│   ├── StateConflict         somebody else moved it first
│   └── FireNotStartable      a missed fire's run can't be started, or was already
├── IdempotencyKeyReused      same key, other request (422)
├── ProjectRecords            the project's mode is record: DolphinScheduler is never written (409)
├── UnprovenFlavour           writing to this flavour needs an operator's consent (409)
├── Busy                      the database is contended (503)
├── LiveBusy                  too many readers look at one DolphinScheduler at once (503)
└── ContentDamaged            stored bytes don't match their hash (500)
"""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from catalog.errors import Conflict, ServiceError


class WorkflowLocked(Conflict):
    code = "workflow_locked"
    permanent = False
    message = _("Another change of this workflow is running. Try again when it has finished.")


class NotLocked(Conflict):
    code = "not_locked"
    message = _("Nobody holds this workflow.")


class StillAtWork(Conflict):
    code = "still_at_work"
    permanent = False
    message = _("Whoever holds this workflow can still go on by itself.")


class StaleBase(Conflict):
    code = "stale_base"
    message = _(
        "The version you started from is not the published one any more. Look at what changed, then publish on top of it."
    )


class AlreadyBound(Conflict):
    code = "already_bound"
    message = _("This DolphinScheduler workflow is already governed under another key.")


class NameGoverned(Conflict):
    code = "name_governed"
    message = _(
        "A governed workflow of this project has this name and another code. Capture that one: if it was renamed, its name is brought "
        "up to date; if it was deleted, bind its key to this workflow on its restore page. Or give this one a key of its own."
    )


class Superseded(Conflict):
    code = "superseded"
    message = _("A newer version exists. Publish again instead of retrying this one.")


class RetryThroughRequest(Conflict):
    code = "retry_through_request"
    message = _("This version is a rollback. Execute its request again: everything is checked anew.")


class NotCancellable(Conflict):
    code = "not_cancellable"
    message = _("Only what is queued or waiting and has sent nothing to DolphinScheduler can be cancelled.")


class NotRestorable(Conflict):
    code = "not_restorable"
    message = _("Only a version that was published can be restored.")


class NotRebindable(Conflict):
    code = "not_rebindable"
    message = _("The workflow can't be bound to that one.")


class NotInAttention(Conflict):
    code = "not_in_attention"
    message = _("This sync does not need attention, so there is nothing to resume or give up.")


class Frozen(Conflict):
    code = "frozen"
    permanent = False
    message = _("A freeze window is on. Publish when it has ended.")


class Quarantined(Conflict):
    code = "quarantined"
    message = _("This content is in quarantine.")


class WebhookNotApproved(Conflict):
    code = "webhook_not_approved"
    message = _("Nothing is sent to this address before a superuser approves it.")


class NotADraft(Conflict):
    code = "not_a_draft"
    message = _("This version does not wait for its platform to confirm it or to say that it failed.")


class StateConflict(Conflict):
    code = "state_conflict"
    message = _("Somebody else changed it at the same moment. Reload and look again.")


class FireNotStartable(Conflict):
    code = "fire_not_startable"
    message = _("This run was started already, or is being started.")


class IdempotencyKeyReused(ServiceError):
    code = "idempotency_key_reused"
    status = 422
    message = _("This Idempotency-Key came with another request before. Use a new key for a new request.")


class ProjectRecords(Conflict):
    code = "project_records"
    message = _(
        "The project's mode is record: DolphinScheduler is never written. Somebody who manages it can set publish."
    )


class UnprovenFlavour(Conflict):
    code = "unproven_flavour"
    message = _(
        "Writing to this DolphinScheduler version is not proven. Somebody who manages the instance can accept that, or use record mode."
    )


class Busy(ServiceError):
    code = "busy"
    status = 503
    permanent = False
    message = _("Too many requests change the same rows at this moment. Nothing was kept; send it again.")


class LiveBusy(ServiceError):
    """`retry_after` in seconds: an answer that comes meanwhile is kept for a while, so asking again is cheap."""

    code = "live_busy"
    status = 503
    permanent = False
    message = _(
        "Too many readers look at this DolphinScheduler at once. Nothing is wrong with it; try again in a few seconds."
    )
    retry_after: ClassVar[int] = 5


class ContentDamaged(ServiceError):
    code = "content_damaged"
    message = _(
        "Stored content does not match its hash. Run `manage.py verify_snapshots`, and restore the row from a backup."
    )
