"""The end of a sync that has sent nothing: its version has failed, DolphinScheduler is untouched, the workflow is free."""

from collections.abc import Collection

from audit.actors import Actor
from audit.record import record
from snapshotter import locks
from snapshotter.choices import LiveEffect, Status, SyncState
from snapshotter.failed import note_failed
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.move import move_from
from snapshotter.webhooks.announce import announce

CODE = "cancelled"


def call_off(sync: Sync, states: Collection[SyncState], *, text: str, actor: Actor, reason: str) -> None:
    """End it from one of the states. Call inside the act's transaction, after its checks. Raises StateConflict."""
    move_from(sync, states, SyncState.CANCELLED, error_code=CODE, error_text=text)
    Snapshot.objects.of_sync(sync).filter(status=Status.DRAFT).update(
        status=Status.FAILED, live_effect=LiveEffect.UNTOUCHED, error_code=CODE, error_text=text
    )
    WorkflowState.objects.filter(workflow_id=sync.workflow_id).update(attention="")  # one that was resumed left some
    note_failed(sync)
    locks.release(sync)
    record(
        "sync.cancelled",
        actor=actor,
        target=sync.snapshot or sync.workflow,
        scope=sync.workflow.project.scope,
        reason=reason,
        detail={"sync": sync.pk},
    )
    announce(sync, "sync.cancelled")
