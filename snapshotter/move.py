"""A person's moves of a sync: by conditional update, so that a worker and a person never both win."""

from collections.abc import Collection

from django.db.models import F
from django.db.models.functions import Now

from snapshotter.choices import TERMINAL, SyncState
from snapshotter.errors import StateConflict
from snapshotter.models import Sync


def move_from(sync: Sync, states: Collection[SyncState], state: SyncState, **values: object) -> None:
    """Move a sync that is still as it was looked at, or raise StateConflict. The attempt rises: whoever had claimed it is fenced off."""
    if state in TERMINAL:
        values |= {"finished_at": Now(), "due_at": None}
    moved = Sync.objects.filter(pk=sync.pk, attempt=sync.attempt, state__in=states).update(
        state=state, attempt=F("attempt") + 1, lease_until=None, **values
    )
    if moved != 1:
        raise StateConflict
    sync.refresh_from_db()
