"""Publishes, snapshots and captures of a period, from the versions that were made in it. Each function is one query over an index."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Case, Count, F, QuerySet, Value, When

from operations.reports.by_hour import day_of, hour_of
from operations.reports.period import Period
from operations.reports.scope import Scope
from operations.reports.statistics import Number, ratio
from snapshotter.call_off import CODE as CANCELLED
from snapshotter.choices import Status, Trigger
from snapshotter.models import Snapshot
from versions.filters import AT_ONCE

PUBLISHES: Final = (Trigger.API, Trigger.ADMIN)  # a rollback is counted as one, by its request
CAPTURES: Final = (Trigger.CAPTURE, Trigger.BASELINE)
ENDS: Final = ("succeeded", "failed", "unconfirmed", "cancelled", "open")
TOP: Final = 20  # publishers by name; the others together
FAILURES: Final = 10
_END: Final = Case(
    When(status=Status.PUBLISHED, then=Value("succeeded")),
    When(status=Status.UNCONFIRMED, then=Value("unconfirmed")),
    When(status=Status.DRAFT, then=Value("open")),
    When(error_code=CANCELLED, then=Value("cancelled")),
    default=Value("failed"),
)
_WHO: Final = Case(When(published_by="", then=F("created_by_name")), default=F("published_by"))


@dataclass(slots=True)
class Ends:
    """How the publishes of one project, publisher or day ended."""

    accepted: int = 0
    by_end: Counter[str] = field(default_factory=Counter)

    def add(self, end: str, number: int) -> None:
        self.accepted += number
        self.by_end[end] += number

    def as_numbers(self) -> dict[str, Number]:
        return {"accepted": self.accepted, **{end: self.by_end[end] for end in ENDS}, "success_rate": self.rate}

    @property
    def rate(self) -> float | None:
        """Of those that ended, cancelled ones left out: nobody tried them."""
        done = self.by_end["succeeded"]
        return ratio(done, done + self.by_end["failed"] + self.by_end["unconfirmed"])


@dataclass(slots=True)
class Versions:
    """`projects` are publishes by project id, `failures` by (step, code)."""

    all: Ends = field(default_factory=Ends)
    written: int = 0
    captures: int = 0
    projects: dict[int, Ends] = field(default_factory=dict)
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)


def versions(period: Period, scope: Scope) -> Versions:
    """Count what was made in the period, as it stands now."""
    found = Versions()
    columns = ("project", "trigger", "end", "error_step", "error_code")
    rows = _made(period, scope).annotate(end=_END).values_list(*columns).annotate(number=Count("pk"))
    for project, trigger, end, step, code, number in rows:
        found.written += number
        found.captures += number if trigger in CAPTURES else 0
        if trigger not in PUBLISHES:
            continue
        found.all.add(end, number)
        found.projects.setdefault(project, Ends()).add(end, number)
        if end == "failed":
            found.failures[step, code] += number
    return found


def by_day(period: Period, scope: Scope) -> dict[date, Ends]:
    """Return the publishes of each day of the period, days without one too."""
    found = {day: Ends() for day in period.days}
    rows = _publishes(period, scope).annotate(at=hour_of("created_at", period), end=_END)
    for at, end, number in rows.values_list("at", "end").annotate(number=Count("pk")):
        found[day_of(at)].add(end, number)
    return found


def by_publisher(period: Period, scope: Scope) -> tuple[list[tuple[str, Ends]], Ends]:
    """Return the publishes of the TOP publishers, most first, and those of all others together."""
    everybody: dict[str, Ends] = {}
    rows = _publishes(period, scope).annotate(who=_WHO, end=_END)
    for who, end, number in rows.values_list("who", "end").annotate(number=Count("pk")):
        everybody.setdefault(who, Ends()).add(end, number)
    ranked = sorted(everybody.items(), key=lambda item: (-item[1].accepted, item[0]))
    others = Ends()
    for _who, ends in ranked[TOP:]:
        for end, number in ends.by_end.items():
            others.add(end, number)
    return ranked[:TOP], others


def _publishes(period: Period, scope: Scope) -> QuerySet[Snapshot]:
    return _made(period, scope).filter(trigger__in=PUBLISHES)


def _made(period: Period, scope: Scope) -> QuerySet[Snapshot]:
    """Versions made in the period, without an order, which would become part of the groups.

    Ids rise with time. Over all projects they bound what is read, in the order in which the rows lie: by the index of times each row
    would be looked up by itself, which databases shun, and read the whole table instead.
    """
    rows = Snapshot.objects.order_by().filter(created_at__gte=period.since, created_at__lt=period.until)
    if scope.projects is not None:
        return rows.filter(scope.of())
    times = rows.values_list("pk", flat=True)
    first, last = times.order_by("created_at").first(), times.order_by("-created_at").first()
    return rows.filter(pk__gte=(first or 0) - AT_ONCE, pk__lte=(last or 0) + AT_ONCE)
