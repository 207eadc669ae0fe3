"""Cancel a sync that has sent nothing yet: the version ends as failed, the workflow is free."""

from django.db import transaction

from audit.actors import Actor
from audit.models import Outcome
from audit.record import record
from catalog.permissions import PUBLISH, require
from snapshotter import locks
from snapshotter.announce import announce
from snapshotter.choices import CANCELLABLE, LiveEffect, Status, SyncKind, SyncState
from snapshotter.errors import NotCancellable
from snapshotter.failed import note_failed
from snapshotter.journal import has_written
from snapshotter.models import Snapshot, Sync
from snapshotter.move import move_from

_WHY = "Cancelled before anything was sent to DolphinScheduler."


def cancel(sync: Sync, *, actor: Actor, reason: str = "") -> Sync:
    """End a queued or waiting sync. Raises NotCancellable once a write was sent or a worker has it, NotAllowed."""
    project = sync.workflow.project
    require(actor, PUBLISH, project, event="sync.cancel_refused")
    with transaction.atomic():
        if sync.kind == SyncKind.CONFIRM or sync.state not in CANCELLABLE or has_written(sync):
            raise NotCancellable(state=sync.state)
        move_from(sync, CANCELLABLE, SyncState.CANCELLED, error_code="cancelled", error_text=_WHY)
        Snapshot.objects.of_sync(sync).filter(status=Status.DRAFT).update(
            status=Status.FAILED, live_effect=LiveEffect.UNTOUCHED, error_code="cancelled", error_text=_WHY
        )
        note_failed(sync)
        locks.release(sync)
        record(
            "sync.cancelled",
            actor=actor,
            target=sync.snapshot or sync.workflow,
            scope=project.scope,
            outcome=Outcome.OK,
            reason=reason,
            detail={"sync": sync.pk},
        )
        announce(sync, "sync.cancelled")
    return sync
