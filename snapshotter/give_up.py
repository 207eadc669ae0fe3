"""Give up a sync that needs attention: a person has put DolphinScheduler right, or accepts it as it is, and frees the workflow."""

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.permissions import MANAGE, require
from snapshotter import locks
from snapshotter.choices import LiveEffect, LiveState, Status, SyncState
from snapshotter.errors import NotInAttention
from snapshotter.failed import note_failed
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.move import move_from
from snapshotter.webhooks.announce import announce


def give_up(sync: Sync, *, actor: Actor, reason: str) -> Sync:
    """End it as failed, effect unknown, and free the lock; what is live is compared at the next look. Raises NotInAttention, NotAllowed."""
    project = sync.workflow.project
    require(actor, MANAGE, project, event="sync.give_up_refused")
    if not reason.strip():
        raise InvalidRequest("Giving up needs a reason: what was seen, what was done.", field="reason")
    if sync.state != SyncState.ATTENTION:
        raise NotInAttention(state=sync.state)
    with transaction.atomic():
        move_from(sync, [SyncState.ATTENTION], SyncState.FAILED)
        Snapshot.objects.of_sync(sync).filter(status=Status.DRAFT).update(
            status=Status.FAILED,
            live_effect=LiveEffect.UNKNOWN,
            error_code=sync.error_code,
            error_text=sync.error_text,
        )
        WorkflowState.objects.filter(workflow_id=sync.workflow_id).update(
            attention="", live_state=LiveState.CANNOT_COMPARE
        )
        note_failed(sync)
        locks.release(sync)
        record(
            "sync.given_up",
            actor=actor,
            target=sync.snapshot or sync.workflow,
            scope=project.scope,
            reason=reason,
            detail={"sync": sync.pk},
        )
        announce(sync, "sync.given_up")
    return sync
