"""Who holds a workflow, how that stands, and until when nobody else may write: for pages, the API, and for freeing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Now

from snapshotter.choices import AT_WORK, TERMINAL, SyncState
from snapshotter.journal import has_written
from snapshotter.models import Sync, SyncStep, WorkflowState
from snapshotter.settle import settle_seconds


@dataclass(frozen=True, slots=True)
class Holder:
    """`since` is when it took the lock; `now` the database's clock; `step` the latest line of its journal; `settle` in seconds."""

    sync: Sync
    since: datetime | None
    now: datetime
    step: SyncStep | None
    settle: float
    has_written: bool

    @property
    def stands(self) -> str:
        """Return queued, at_work, orphaned, waiting, for_platform, attention or ended (which must not happen)."""
        if self.sync.state in AT_WORK:
            return "at_work" if self.is_alive else "orphaned"
        if self.sync.state in TERMINAL:
            return "ended"
        return "for_platform" if self.sync.waits_for_platform else str(self.sync.state)

    @property
    def is_alive(self) -> bool:
        """Whether a worker has it and its lease has not run out. One that ran out is never prolonged: somebody else takes over."""
        lease = self.sync.lease_until
        return self.sync.state in AT_WORK and lease is not None and lease > self.now

    @property
    def goes_on_at(self) -> datetime | None:
        """When it goes on by itself, or is taken over from a worker that died; None: now, or never without a person."""
        return self.sync.lease_until if self.sync.state in AT_WORK else self.sync.due_at

    @property
    def busy_until(self) -> datetime | None:
        """Until when a write of it may be on its way, or it goes on by itself after one; None when it may be freed."""
        if self.is_alive:
            return self.sync.lease_until
        if self.settle > 0:
            return self.now + timedelta(seconds=self.settle)
        due = self.sync.due_at
        goes_on = self.sync.state == SyncState.WAITING and self.has_written
        return due if goes_on and due is not None and due > self.now else None


def holder_of(state: WorkflowState) -> Holder | None:
    """Return the holder of a workflow's lock, None when it is free. A free one costs no query, a held one four or five."""
    if state.lock_id is None:
        return None
    rows: Any = Sync.objects.select_related("workflow__project__instance", "snapshot").annotate(now=Now())
    sync = rows.filter(pk=state.lock_id).first()
    if sync is None:
        return None
    step = sync.steps.order_by("-number").first()
    return Holder(
        sync=sync,
        since=state.locked_at,
        now=sync.now,
        step=step,
        settle=settle_seconds(sync),
        has_written=has_written(sync),
    )
