"""Starting a sync: its row, the workflow's lock, and word to a worker, in the accepting transaction."""

from typing import Any

from audit.actors import Actor, user_of
from audit.context import current
from catalog.models import Workflow
from snapshotter import dispatch, locks
from snapshotter.choices import SyncKind, SyncState
from snapshotter.models import Sync


def start(workflow: Workflow, *, kind: SyncKind, actor: Actor, **values: Any) -> Sync:
    """Create a sync that holds the workflow's lock, or raise WorkflowLocked. `values` are fields of Sync. Call inside a transaction."""
    sync = Sync.objects.create(
        workflow=workflow,
        kind=kind,
        actor=user_of(actor),
        actor_name=str(actor),
        request_id=current().request_id,
        **values,
    )
    locks.take(sync)
    if sync.state == SyncState.QUEUED:  # else who starts it has claimed it already
        dispatch.on_commit(sync)
    return sync
