"""A worker's claim on a sync: a lease by the database's clock, fenced by the attempt number.

Two workers never work on one sync: claiming is a conditional update, and every write to DolphinScheduler asks first whether the lease
is still ours and outlives the call's time-out.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper, F
from django.db.models.functions import Coalesce, Now

from catalog.release import fits
from snapshotter.choices import AT_WORK, Direction, SyncState
from snapshotter.errors import StateConflict
from snapshotter.models import Sync


class LeaseLost(StateConflict):
    """Another worker has taken over, or could have: this one must not write any more."""

    code = "lease_lost"
    permanent = False


def claim(sync_id: int) -> Sync | None:
    """Claim a due sync, None when somebody else has it, it is not due, or this process is of another release than the database.

    It goes on in its direction.
    """
    if not fits():
        return None
    for state, direction in ((SyncState.RUNNING, Direction.FORWARD), (SyncState.RESTORING, Direction.RESTORING)):
        claimed = (
            Sync.objects.due()
            .order_by()
            .filter(pk=sync_id, direction=direction)
            .update(
                state=state,
                attempt=F("attempt") + 1,
                lease_until=in_seconds(settings.SNAPSHOTTER["LEASE"]),
                started_at=Coalesce(F("started_at"), Now()),
                due_at=None,
            )
        )
        if claimed:
            sync = Sync.objects.select_related("workflow__project__instance", "snapshot").get(pk=sync_id)
            if sync.snapshot is not None:
                sync.snapshot.workflow = sync.workflow  # one and the same, and not asked for again
            return sync
    return None


def renew(sync: Sync) -> None:
    """Prolong the lease, or raise LeaseLost. Asked before every write: the lease must be alive and ours."""
    renewed = Sync.objects.filter(pk=sync.pk, attempt=sync.attempt, state__in=AT_WORK, lease_until__gt=Now()).update(
        lease_until=in_seconds(settings.SNAPSHOTTER["LEASE"])
    )
    if renewed != 1:
        raise LeaseLost(sync=sync.pk)


def move(sync: Sync, state: SyncState, **values: object) -> None:
    """Move a claimed sync on, or raise LeaseLost when the claim is not ours any more."""
    moved = Sync.objects.filter(pk=sync.pk, attempt=sync.attempt, state__in=AT_WORK).update(state=state, **values)
    if moved != 1:
        raise LeaseLost(sync=sync.pk)
    sync.state = state
    if any(hasattr(value, "resolve_expression") for value in values.values()):
        sync.refresh_from_db(fields=list(values))  # all of it would forget workflow, project and snapshot too
    else:
        vars(sync).update(values)


def wait(sync: Sync, seconds: float, **values: object) -> None:
    """Put a claimed sync aside; it is due again after so many seconds."""
    move(sync, SyncState.WAITING, due_at=in_seconds(seconds), lease_until=None, **values)


def in_seconds(seconds: float) -> "ExpressionWrapper[Any]":
    """Return the moment so many seconds from now, by the database's clock."""
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())
