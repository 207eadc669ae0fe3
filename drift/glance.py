"""What stood before DolphinScheduler was read. A reading that a change of ours has overtaken says nothing, so it is not noted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from snapshotter.models import Sync, WorkflowState

_NEWEST = Sync.objects.filter(workflow=OuterRef("pk")).order_by("-pk").values("pk")[:1]


@dataclass(frozen=True, slots=True)
class Glance:
    """`standing` changes with every publish, capture, put-back and check; `at`: when it was looked at."""

    standing: tuple[object, ...]
    is_locked: bool
    checked_at: datetime | None
    at: datetime


def states() -> "QuerySet[WorkflowState]":
    """Return state rows with what a glance needs: the newest sync, which is an index look-up a row."""
    return WorkflowState.objects.annotate(newest_sync=Subquery(_NEWEST))


def glance(state: WorkflowState, at: datetime | None = None) -> Glance:
    """Take a row of `states`, read before DolphinScheduler is."""
    return Glance(_standing(state), state.lock_id is not None, state.checked_at, at or timezone.now())


def has_moved(state: WorkflowState, since: Glance) -> bool:
    """Whether anybody else has been at the workflow since, or is. `state`: a row of `states`, locked for this transaction."""
    return since.is_locked or state.lock_id is not None or _standing(state) != since.standing


def _standing(state: WorkflowState) -> tuple[object, ...]:
    return (
        state.published_id,
        state.checked_at,
        state.expected_online,
        state.expected_schedule_online,
        state.newest_sync,  # type: ignore[attr-defined]  # annotated; a failed publish changes nothing else
    )


def by_workflow(rows: Iterable[WorkflowState], at: datetime) -> dict[int, Glance]:
    """Return the glances of many."""
    return {row.pk: glance(row, at) for row in rows}
