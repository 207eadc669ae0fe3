"""A report: the figures of a period beside those of the one before, and its tables.

Counted anew each time, by some thirty queries over indexes, whatever the size: nothing of it is kept, so it can't be out of date.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from audit.actors import Actor
from catalog.models import Project
from operations.reports import words
from operations.reports.count_others import drift, drift_by_day, fires, trail
from operations.reports.count_rollbacks import Rollbacks, rollbacks
from operations.reports.count_versions import FAILURES, Ends, Versions, by_day, by_publisher, versions
from operations.reports.coverage import coverage
from operations.reports.period import Period, zone
from operations.reports.scope import Scope
from operations.reports.statistics import Number, ratio
from rollback.choices import Category

Numbers = dict[str, Number]


@dataclass(frozen=True, slots=True)
class Report:
    """`numbers` by key of words.WORDS; `former` those of the period before, without the present ones.

    Tables: publishes, rollbacks done and drift found by day; (project, publishes, rollbacks done), most first; publishes by publisher,
    the others together.
    """

    period: Period
    scope: Scope
    reader: Actor
    numbers: Numbers
    former: Numbers
    days: dict[date, Ends]
    days_done: dict[date, int]
    days_drift: dict[date, int]
    projects: list[tuple[Project, Ends, int]]
    publishers: list[tuple[str, Ends]]
    other_publishers: Ends
    failures: list[tuple[str, str, int]]
    categories: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened in the period; what is true now may still be something."""
        return not any(value for key, value in self.numbers.items() if key not in words.NOW)

    def as_json(self) -> dict[str, Any]:
        """Return it as the API and the command give it; times in seconds, shares from 0 to 1."""
        return {
            "period": _period_json(self.period),
            "previous_period": _period_json(self.period.before),
            "scope": self.scope.name,
            "figures": {
                key: {
                    "value": _rounded(self.numbers[key]),
                    "previous": _rounded(self.former.get(key)),
                    "unit": word.kind,
                }
                for key, word in words.WORDS.items()
            },
            "days": [
                {
                    "day": str(day),
                    **_ends_json(ends),
                    "rollbacks_done": self.days_done[day],
                    "drift_found": self.days_drift[day],
                }
                for day, ends in self.days.items()
            ],
            "projects": [
                {"project": project.code, "name": project.scope, **_ends_json(ends), "rollbacks_done": done}
                for project, ends, done in self.projects
            ],
            "publishers": [{"publisher": who, **_ends_json(ends)} for who, ends in self.publishers],
            "other_publishers": _ends_json(self.other_publishers),
            "failures": [{"step": step, "code": code, "count": number} for step, code, number in self.failures],
            "rollback_categories": [{"category": category, "count": number} for category, number in self.categories],
        }


def report(period: Period, scope: Scope, *, reader: Actor) -> Report:
    """Count a period. `scope` is what `scope_of` allowed the reader."""
    made, back = versions(period, scope), rollbacks(period, scope)
    publishers, others = by_publisher(period, scope)
    failures = sorted(made.failures.items(), key=lambda item: (-item[1], item[0]))[:FAILURES]
    return Report(
        period=period,
        scope=scope,
        reader=reader,
        numbers=_numbers(period, scope, made, back) | coverage(scope),
        former=_former(period.before, scope),
        days=by_day(period, scope),
        days_done=back.days,
        days_drift=drift_by_day(period, scope),
        projects=list(_projects(made, back)),
        publishers=publishers,
        other_publishers=others,
        failures=[(step, code, number) for (step, code), number in failures],
        categories=[(name, back.categories[name]) for name in Category.values if back.categories[name]],
    )


def _former(period: Period, scope: Scope) -> Numbers:
    return _numbers(period, scope, versions(period, scope), rollbacks(period, scope))


def _numbers(period: Period, scope: Scope, made: Versions, back: Rollbacks) -> Numbers:
    found: Numbers = {
        "publishes_accepted": made.all.accepted,
        **{
            f"publishes_{end}": made.all.by_end[end]
            for end in ("succeeded", "failed", "unconfirmed", "cancelled", "open")
        },
        "publish_success_rate": made.all.rate,
        "snapshots_written": made.written,
        "captures": made.captures,
        **back.numbers,
        **drift(period, scope),
        **fires(period, scope),
        **trail(period, scope),
    }
    tried = made.written + int(found["snapshot_write_failures"] or 0)
    found["snapshot_success_rate"] = ratio(made.written, tried)
    found["rollback_rate"] = ratio(found["rollbacks_done"], found["publishes_succeeded"])
    return found


def _projects(made: Versions, back: Rollbacks) -> Iterator[tuple[Project, Ends, int]]:
    """Yield projects in which something happened, most publishes first. They are the scope's, so the reader may know them."""
    known = Project.objects.select_related("instance").in_bulk(made.projects.keys() | back.projects.keys())
    rows = [(project, made.projects.get(pk, Ends()), back.projects[pk]) for pk, project in known.items()]
    yield from sorted(rows, key=lambda row: (-row[1].accepted, -row[2], row[0].scope))


def _period_json(period: Period) -> dict[str, str]:
    return {
        "name": period.name,
        "first_day": str(period.first),
        "last_day": str(period.last),
        "since": period.since.astimezone(zone()).isoformat(),
        "until": period.until.astimezone(zone()).isoformat(),
    }


def _ends_json(ends: Ends) -> Numbers:
    return {name: _rounded(value) for name, value in ends.as_numbers().items()}


def _rounded(value: Number) -> Number:
    return round(value, 4) if isinstance(value, float) else value
