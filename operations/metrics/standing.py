"""Gauges of work: syncs, locks, rollbacks, drift, runs. Each asks an index for what is open, so its cost is that of what is open."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Count, Min, Model, QuerySet
from django.utils import timezone
from prometheus_client.core import Metric

from drift.choices import Severity
from drift.models import DriftItem
from operations.choices import OPEN as OPEN_RUNS
from operations.metrics.text import Sample, family, gauge, gauges
from operations.models import OperationRun
from rollback.choices import OPEN, State
from rollback.models import RollbackRequest
from snapshotter.choices import AT_WORK, TERMINAL, LiveState, SyncKind, SyncState
from snapshotter.models import MissedFire, Sync, WorkflowState

_FIRES = 10_000  # the newest fires are looked through: their state has no index


def age(moment: datetime | None) -> float:
    """Return the seconds since then, 0 where there is nothing that could be old."""
    return 0.0 if moment is None else max(0.0, (timezone.now() - moment).total_seconds())


def per(rows: QuerySet[Model], field: str, all_of: Iterable[str]) -> Mapping[str, int]:
    """Return {value: rows}, with a zero for values that no row has."""
    return {str(value): 0 for value in all_of} | dict(rows.order_by().values_list(field).annotate(times=Count("pk")))


def syncs() -> list[Metric]:
    states = [state for state in SyncState if state not in TERMINAL]
    found = {(str(kind), str(state)): 0 for kind in SyncKind for state in states}
    rows = Sync.objects.filter(state__in=states).order_by().values_list("kind", "state").annotate(times=Count("pk"))
    found |= {(kind, state): times for kind, state, times in rows}
    samples = tuple(Sample(times, {"kind": kind, "state": state}) for (kind, state), times in found.items())
    times, oldest = _due()
    return [
        family("snapshotter_syncs", "gauge", "Syncs that have not ended, by kind and state.", samples),
        gauge("snapshotter_syncs_due", "Syncs that a worker could take now.", times),
        gauge("snapshotter_syncs_due_oldest_age_seconds", "How long the oldest of them has been due.", oldest),
    ]


def _due() -> tuple[int, float]:
    """Return how many syncs are due, and the seconds since the first of them was: each state by its own column.

    Three questions and no CASE, the smallest of which MySQL gives back as text.
    """
    columns = (((SyncState.QUEUED,), "created_at"), (AT_WORK, "lease_until"), (_PUT_ASIDE, "due_at"))
    found = [
        Sync.objects.due().filter(state__in=states).order_by().aggregate(times=Count("pk"), since=Min(column))
        for states, column in columns
    ]
    return sum(row["times"] for row in found), max(age(row["since"]) for row in found)


_PUT_ASIDE = (SyncState.WAITING, SyncState.ATTENTION)


def workflows() -> list[Metric]:
    locks = WorkflowState.objects.filter(lock__isnull=False).aggregate(times=Count("pk"), since=Min("locked_at"))
    states = per(WorkflowState.objects.all(), "live_state", LiveState.values)
    newest = MissedFire.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    fires = MissedFire.objects.open().filter(pk__gt=newest - _FIRES).order_by().count()
    return [
        gauge("snapshotter_locks", "Workflows that a sync holds.", locks["times"]),
        gauge("snapshotter_lock_oldest_age_seconds", "How long the longest holds its workflow.", age(locks["since"])),
        gauges(
            "snapshotter_workflows", "Governed workflows by how live compared with published.", "live_state", states
        ),
        gauge("snapshotter_missed_fires_open", "Missed fires that nobody has started, among the newest 10000.", fires),
    ]


def rollbacks() -> list[Metric]:
    waiting = RollbackRequest.objects.pending().order_by().aggregate(since=Min("created_at"))["since"]
    overdue = RollbackRequest.objects.to_review().filter(review_due_at__lt=timezone.now()).order_by().count()
    requests = per(RollbackRequest.objects.open(), "state", OPEN)
    return [
        gauges("snapshotter_rollback_requests", "Open rollback requests by state.", "state", requests),
        gauge(
            "snapshotter_approval_oldest_age_seconds",
            f"How long the oldest rollback request has been {State.PENDING.value}.",
            age(waiting),
        ),
        gauge("snapshotter_reviews_overdue", "Rollbacks by broken glass whose review is overdue.", overdue),
    ]


def drift() -> list[Metric]:
    standing = per(DriftItem.objects.filter(open_key__isnull=False), "severity", Severity.values)
    return [gauges("snapshotter_drift_items", "Standing drift by severity.", "severity", standing)]


def runs() -> list[Metric]:
    found = per(OperationRun.objects.filter(state__in=OPEN_RUNS), "state", OPEN_RUNS)
    return [gauges("snapshotter_runs", "Open inventories, baselines and back-fills by state.", "state", found)]
