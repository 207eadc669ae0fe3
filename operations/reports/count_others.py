"""Drift and missed fires of a period, duplicates and failures that only the trail knows."""

from datetime import date, datetime
from typing import Final

from django.db.models import Count, Q

from audit.models import AuditEntry
from drift.choices import ItemState
from drift.models import DriftItem
from operations.reports.by_hour import by_day
from operations.reports.period import Period
from operations.reports.scope import Scope
from operations.reports.statistics import MOST, Number, at_share, seconds
from snapshotter.choices import FireState
from snapshotter.models import MissedFire

DUPLICATES: Final = ("publish.duplicate", "draft.duplicate")
NOT_WRITTEN: Final = ("snapshot.write_failed", "capture.failed")


def drift(period: Period, scope: Scope) -> dict[str, Number]:
    rows = DriftItem.objects.order_by().filter(scope.of())
    closed = rows.filter(closed_at__gte=period.since, closed_at__lt=period.until)
    ends = {
        f"drift_{state}": Count("pk", filter=Q(state=state))
        for state in (ItemState.ADOPTED, ItemState.PUT_BACK, ItemState.RESOLVED, ItemState.IGNORED)
    }
    times = seconds(closed.order_by("-pk").values_list("first_seen_at", "closed_at")[:MOST])
    standing = rows.filter(Q(closed_at=None) | Q(closed_at__gte=period.until), first_seen_at__lt=period.until)
    return {
        "drift_found": rows.filter(first_seen_at__gte=period.since, first_seen_at__lt=period.until).count(),
        **closed.aggregate(**ends),
        "drift_open_median": at_share(times, 0.5),
        "drift_standing": standing.count(),
    }


def drift_by_day(period: Period, scope: Scope) -> dict[date, int]:
    """Return how much was first seen on each day."""
    rows = DriftItem.objects.order_by().filter(scope.of())
    return by_day(rows.filter(first_seen_at__gte=period.since, first_seen_at__lt=period.until), "first_seen_at", period)


def fires(period: Period, scope: Scope) -> dict[str, Number]:
    """Those that DolphinScheduler ran after all are none."""
    rows = MissedFire.objects.named().order_by().filter(scope.of("workflow__project"))
    return rows.filter(due_at__gte=period.since, due_at__lt=period.until).aggregate(
        fires_missed=Count("pk"),
        fires_started=Count("pk", filter=Q(state=FireState.STARTED)),
    )


def trail(period: Period, scope: Scope) -> dict[str, Number]:
    return {
        "publishes_duplicate": _entries(DUPLICATES, period.since, period.until, scope),
        "snapshot_write_failures": _entries(NOT_WRITTEN, period.since, period.until, scope),
    }


def _entries(events: tuple[str, ...], since: datetime, until: datetime, scope: Scope) -> int:
    """By an event at a time, whose index with the moment finds the rows."""
    rows = AuditEntry.objects.order_by().filter(scope.of_trail(), timestamp__gte=since, timestamp__lt=until)
    return sum(rows.filter(event=event).count() for event in events)
