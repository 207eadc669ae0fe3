"""One change at a time per workflow: the state row names the sync that holds it."""

from datetime import datetime

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

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
    raise _locked(sync.workflow.key, state.lock, state.locked_at)


def refuse_held(state: WorkflowState) -> None:
    """Raise WorkflowLocked, naming the holder, while somebody holds the workflow: for who only looks and must not look in between."""
    if state.lock_id is not None:
        raise _locked(state.workflow.key, state.lock, state.locked_at)


def _locked(key: str, holder: Sync | None, since: datetime | None) -> WorkflowLocked:
    """Name who holds it and since when, in words and in `extra`; one that let go meanwhile has no name any more."""
    if holder is None or since is None:
        return WorkflowLocked(workflow=key, holder="", sync=None, since=None)
    text = _(
        "%(who)s holds this workflow since %(since)s: %(parts)s, number %(sync)s. Try again when it has ended. "
        "The workflow's page says how it stands; whoever manages the project can free one that is stuck."
    ) % {
        "who": holder.actor_name,
        "since": timezone.localtime(since).strftime("%Y-%m-%d %H:%M:%S %Z"),
        "parts": holder.get_kind_display(),
        "sync": holder.pk,
    }
    return WorkflowLocked(text, workflow=key, holder=holder.actor_name, sync=holder.pk, since=since.isoformat())


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
