"""What waits on whom: each part a query by an index over the few open requests, the most urgent first, none in two parts."""

from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor, user_of
from catalog.managers import allowed_in, in_sight
from catalog.permissions import APPROVE_ROLLBACK
from rollback.act_rights import to_execute
from rollback.choices import OPEN, Act, State
from rollback.models import RollbackPolicy, RollbackRequest

Rows = QuerySet[RollbackRequest]
TABS: Final[dict[str, Promise]] = {
    "waiting": _("Waiting on me"),
    "mine": _("Mine"),
    "all": _("All"),
    "closed": _("Closed"),
}


def waiting_on(actor: Actor, *, for_list: bool) -> list[Rows]:
    """Return what the actor can move on: to decide, to execute (their own first), and to review."""
    user = user_of(actor)
    if user is None:
        return []
    rows = RollbackRequest.objects.filter(in_sight(actor, for_list=for_list))
    in_time = rows.filter(expires_at__gt=timezone.now())
    executing, approving = _executing(actor, for_list), allowed_in(actor, APPROVE_ROLLBACK, for_list=for_list)
    to_decide = in_time.filter(approving, state=State.PENDING)
    ready = in_time.filter(executing, state=State.APPROVED)
    failed = in_time.filter(executing, state=State.FAILED, requested_by=user)
    return [
        to_decide.exclude(requested_by=user).exclude(approvals__approver=user).exclude(project__in=_barred(actor)),
        ready.filter(requested_by=user),
        failed,
        ready.exclude(requested_by=user),
        _reviews(rows, actor, approving),
    ]


def count_waiting(actor: Actor) -> int:
    """Return how many wait on the actor. One query for all parts, and few to name the projects."""
    if user_of(actor) is None:
        return 0
    first, *others = (rows.order_by().values("pk") for rows in waiting_on(actor, for_list=False))
    return int(first.union(*others, all=True).count())


def counts(actor: Actor) -> tuple[int, int]:
    """Return how many wait on the actor, and how many of them for their review. Few queries: the start page asks."""
    waiting = count_waiting(actor)
    seen = RollbackRequest.objects.filter(in_sight(actor))
    reviews = _reviews(seen, actor, allowed_in(actor, APPROVE_ROLLBACK)).count() if waiting else 0
    return waiting, reviews


def _reviews(rows: Rows, actor: Actor, approving: Q) -> Rows:
    """Return what was done by breaking the glass and waits for the review of somebody who took no part in it."""
    due = rows.to_review().filter(approving)  # type: ignore[attr-defined]
    others: Rows = due.exclude(state=State.EXECUTING).exclude(requested_by=user_of(actor))
    return others.exclude(executed_by_name=str(actor))


def rows_of(actor: Actor, tab: str) -> list[Rows]:
    """Return the rows of a tab as segments for `listed`."""
    rows = RollbackRequest.objects.listed_for(actor)
    match tab:
        case "waiting":
            return waiting_on(actor, for_list=True)
        case "mine":
            return [rows.filter(requested_by=user_of(actor))]
        case "closed":
            return [rows.exclude(state__in=OPEN)]
    return [rows]


def _executing(actor: Actor, for_list: bool) -> Q:
    """Return the condition that the actor may execute it: each act asks for its own right."""
    back = Q(act=Act.PUT_BACK)
    mine, own = (allowed_in(actor, to_execute(act), for_list=for_list) for act in (Act.ROLLBACK, Act.PUT_BACK))
    return (~back & mine) | (back & own)


def _barred(actor: Actor) -> set[int]:
    """Return the projects whose rules name groups, none of which the actor is in."""
    rules = RollbackPolicy.objects.values_list("project", "approver_groups")
    named = {project: set(groups) for project, groups in rules if groups}
    user = user_of(actor)
    mine = set(user.groups.values_list("name", flat=True)) if user and named else set()
    return {project for project, groups in named.items() if not mine & groups}
