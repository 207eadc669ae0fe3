"""One change at a time per workflow: the state row names the sync that holds it."""

from django.db.models.functions import Now

from catalog.models import Workflow
from snapshotter.errors import StateConflict, WorkflowLocked
from snapshotter.models import Sync, WorkflowState
from snapshotter.signals import sync_ended


def take(sync: Sync) -> None:
    """Make this sync the holder, or raise WorkflowLocked naming the one that is. Call inside the accepting transaction."""
    taken = WorkflowState.objects.filter(workflow_id=sync.workflow_id, lock=None).update(lock=sync, locked_at=Now())
    if taken == 1:
        return
    state = WorkflowState.objects.select_related("lock").get(workflow_id=sync.workflow_id)
    holder = state.lock
    raise WorkflowLocked(
        workflow=sync.workflow.key,
        holder=holder.actor_name if holder else "",
        sync=holder.pk if holder else None,
        since=state.locked_at.isoformat() if state.locked_at else None,
    )


def release(sync: Sync) -> None:
    """Give the workflow free, as the last act of the transaction that ends a sync; one that is not the holder changes nothing."""
    freed = WorkflowState.objects.filter(workflow_id=sync.workflow_id, lock=sync).update(lock=None, locked_at=None)
    if freed:
        sync_ended.send(sender=Sync, sync=sync)


def next_version(workflow: Workflow) -> int:
    """Give out the next version number. Only the lock's holder may call it, so numbers have no gap and no double."""
    last = WorkflowState.objects.values_list("last_version", flat=True).get(workflow=workflow)
    moved = WorkflowState.objects.filter(workflow=workflow, last_version=last).update(last_version=last + 1)
    if moved != 1:
        raise StateConflict
    return last + 1
