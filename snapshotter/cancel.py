"""Cancel a sync that has sent nothing yet: the version ends as failed, the workflow is free."""

from django.db import transaction

from audit.actors import Actor
from catalog.permissions import PUBLISH, require
from snapshotter.call_off import call_off
from snapshotter.choices import CANCELLABLE, SyncKind
from snapshotter.errors import NotCancellable
from snapshotter.journal import has_written
from snapshotter.models import Sync

_WHY = "Cancelled before anything was sent to DolphinScheduler."


def cancel(sync: Sync, *, actor: Actor, reason: str = "") -> Sync:
    """End a queued or waiting sync. Raises NotCancellable once a write was sent or a worker has it, NotAllowed."""
    require(actor, PUBLISH, sync.workflow.project, event="sync.cancel_refused")
    with transaction.atomic():
        if sync.kind == SyncKind.CONFIRM or sync.state not in CANCELLABLE or has_written(sync):
            raise NotCancellable(state=sync.state)
        call_off(sync, CANCELLABLE, text=_WHY, actor=actor, reason=reason)
    return sync
