"""The last 30 days, one mark each: whether it was looked at, and the worst that stood. For a page; few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Final

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from catalog.models import Instance
from drift.choices import RunState, Severity
from drift.managers import DriftQuerySet
from drift.models import InspectionRun

DAYS: Final = 30
_MOST: Final = 2_000  # items of a bar; a month with more is all red anyway
_GRAVITY: Final = {Severity.LOW: 1, Severity.MEDIUM: 2, Severity.HIGH: 3}


@dataclass(frozen=True, slots=True)
class Day:
    """Of a day in UTC: inspections that ended well and that failed, drift that stood on it, and the worst of it, "" for none."""

    day: date
    done: int
    failed: int
    standing: int
    worst: str

    @property
    def mark(self) -> str:
        """Return high, medium or low by what stood; else ok, failed (looked, but none ended well) or none (nobody looked)."""
        if self.standing:
            return self.worst
        return "ok" if self.done else "failed" if self.failed else "none"


def days_of(items: DriftQuerySet, instances: Iterable[Instance]) -> list[Day]:
    """Return the days, oldest first, today last."""
    today = timezone.now().astimezone(UTC).date()
    first = today - timedelta(days=DAYS - 1)
    runs, stood = _runs(instances, first), _stood(items, first, today)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [_day(day, runs.get(day, (0, 0)), stood.get(day, [])) for day in days]


def _day(day: date, runs: tuple[int, int], severities: list[str]) -> Day:
    worst = max(severities, key=lambda one: _GRAVITY[Severity(one)], default="")
    return Day(day, *runs, standing=len(severities), worst=worst)


def _runs(instances: Iterable[Instance], first: date) -> dict[date, tuple[int, int]]:
    begins = datetime(first.year, first.month, first.day, tzinfo=UTC)
    rows = InspectionRun.objects.filter(
        instance__in=[row.pk for row in instances], finished_at__gte=begins, project=None
    )
    grouped = rows.order_by().annotate(day=TruncDate("finished_at", tzinfo=UTC)).values("day")
    counted = grouped.annotate(
        done=Count("pk", filter=Q(state=RunState.DONE)), failed=Count("pk", filter=Q(state=RunState.FAILED))
    )
    return {row["day"]: (row["done"], row["failed"]) for row in counted}


def _stood(items: DriftQuerySet, first: date, today: date) -> dict[date, list[str]]:
    begins = datetime(first.year, first.month, first.day, tzinfo=UTC)
    stood: dict[date, list[str]] = {}
    # Two questions, each by an index: an OR over both would read every item there ever was.
    parts = items.filter(open_key__isnull=False), items.filter(closed_at__gte=begins)
    rows = (part.order_by().values_list("first_seen_at", "closed_at", "severity")[:_MOST] for part in parts)
    for began, closed, severity in chain.from_iterable(rows):
        day = max(began.astimezone(UTC).date(), first)
        last = closed.astimezone(UTC).date() if closed else today
        while day <= last:
            stood.setdefault(day, []).append(severity)
            day += timedelta(days=1)
    return stood
