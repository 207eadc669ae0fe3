"""Resume a sync that needs attention: a person has looked, and asks us to look again and go on."""

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.permissions import PUBLISH, require
from snapshotter import dispatch
from snapshotter.choices import Status, SyncState
from snapshotter.errors import NotInAttention
from snapshotter.failed import note_tried_again
from snapshotter.models import Snapshot, Sync
from snapshotter.move import move_from


def resume(sync: Sync, *, actor: Actor, reason: str = "") -> Sync:
    """Make the sync due now, in its direction. Raises NotInAttention, StateConflict, NotAllowed."""
    project = sync.workflow.project
    require(actor, PUBLISH, project, event="sync.resume_refused")
    if sync.state != SyncState.ATTENTION:
        raise NotInAttention(state=sync.state)
    with transaction.atomic():
        move_from(sync, [SyncState.ATTENTION], SyncState.QUEUED, retries=0)
        Snapshot.objects.of_sync(sync).filter(status=Status.FAILED).update(status=Status.DRAFT)
        note_tried_again(sync.workflow_id)
        record(
            "sync.resumed",
            actor=actor,
            target=sync.snapshot or sync.workflow,
            scope=project.scope,
            reason=reason,
            detail={"sync": sync.pk},
        )
        dispatch.on_commit(sync)
    return sync
