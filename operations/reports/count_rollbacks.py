"""Rollbacks of a period, from their requests: asked for, done, failed, and how long it took to be back."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import Count, Min, Q, QuerySet

from operations.reports.by_hour import by_day
from operations.reports.period import Period
from operations.reports.scope import Scope
from operations.reports.statistics import MOST, Number, at_share, seconds
from rollback.choices import Act, Category, Decision, Rule, State
from rollback.models import RollbackRequest

ACTS: Final = (Act.ROLLBACK, Act.RESTORE)  # putting the published version back is drift's


@dataclass(slots=True)
class Rollbacks:
    """`categories` are those asked for, by reason; `projects` those done, by project id, `days` by day."""

    numbers: dict[str, Number]
    categories: Counter[str] = field(default_factory=Counter)
    projects: Counter[int] = field(default_factory=Counter)
    days: dict[date, int] = field(default_factory=dict)


def rollbacks(period: Period, scope: Scope) -> Rollbacks:
    asked = _requests(scope, "created_at", period)
    closed = _requests(scope, "closed_at", period)
    done = closed.filter(state=State.DONE)
    categories = Counter(dict(asked.values_list("category").annotate(number=Count("pk"))))
    projects = Counter(dict(done.values_list("project").annotate(number=Count("pk"))))
    ended = closed.aggregate(
        done=Count("pk", filter=Q(state=State.DONE)),
        failed=Count("pk", filter=~Q(state=State.DONE) & Q(sync__isnull=False)),
        glass=Count("pk", filter=Q(state=State.DONE, is_break_glass=True)),
        rule=Count("pk", filter=Q(state=State.DONE) & ~Q(rule=Rule.NONE)),
    )
    numbers: dict[str, Number] = {
        "rollbacks_asked": sum(categories.values()),
        "rollbacks_done": ended["done"],
        "rollbacks_failed": ended["failed"],
        "rollbacks_break_glass": ended["glass"],
        "rollbacks_by_rule": ended["rule"],
        **_times(done),
        "approval_wait_median": at_share(seconds(_waits(asked)), 0.5),
    }
    return Rollbacks(numbers, categories, projects, by_day(done, "closed_at", period))


def _requests(scope: Scope, moment: str, period: Period) -> QuerySet[RollbackRequest]:
    within = {f"{moment}__gte": period.since, f"{moment}__lt": period.until, "act__in": ACTS}
    return RollbackRequest.objects.order_by().filter(scope.of(), **within)


def _times(done: QuerySet[RollbackRequest]) -> dict[str, Number]:
    """A drill restores nothing that was broken. A restored workflow was gone, so no version of it was bad."""
    real = done.exclude(category=Category.DRILL)
    bad = real.filter(act=Act.ROLLBACK, base__live_from__isnull=False, sync__snapshot__live_from__isnull=False)
    broken = seconds(bad.order_by("-pk").values_list("base__live_from", "sync__snapshot__live_from")[:MOST])
    acted = seconds(real.order_by("-pk").values_list("created_at", "closed_at")[:MOST])
    return {
        "restore_from_bad_median": at_share(broken, 0.5),
        "restore_from_bad_p90": at_share(broken, 0.9),
        "restore_from_request_median": at_share(acted, 0.5),
        "restore_from_request_p90": at_share(acted, 0.9),
    }


def _waits(asked: QuerySet[RollbackRequest]) -> list[tuple[datetime, datetime]]:
    """From asking to the first decision of another person."""
    decided = asked.filter(approvals__decision__in=Decision.values).annotate(first=Min("approvals__created_at"))
    return list(decided.order_by("-pk").values_list("created_at", "first")[:MOST])
