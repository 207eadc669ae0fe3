"""What waits on whom: each part a query by an index over the few open requests, the most urgent first, none in two parts."""

from typing import Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor, user_of
from audit.keyset import counted
from catalog.models import Project
from catalog.permissions import APPROVE_ROLLBACK, EXECUTE_ROLLBACK
from rollback.choices import OPEN, State
from rollback.models import RollbackPolicy, RollbackRequest

Rows = QuerySet[RollbackRequest]
TABS: Final[dict[str, Promise]] = {
    "waiting": _("Waiting on me"),
    "mine": _("Mine"),
    "all": _("All"),
    "closed": _("Closed"),
}


def waiting_on(actor: Actor) -> list[Rows]:
    """Return what the actor can move on: to decide, to execute (their own first), and to review."""
    user = user_of(actor)
    if user is None:
        return []
    rows, now = RollbackRequest.objects.listed_for(actor), timezone.now()
    approving, executing = _projects(actor, APPROVE_ROLLBACK), _projects(actor, EXECUTE_ROLLBACK)
    to_decide = rows.filter(state=State.PENDING, expires_at__gt=now, project__in=approving - _barred(actor, approving))
    ready = rows.filter(state=State.APPROVED, expires_at__gt=now, project__in=executing)
    failed = rows.filter(state=State.FAILED, expires_at__gt=now, project__in=executing, requested_by=user)
    review = rows.to_review().filter(project__in=approving).exclude(state=State.EXECUTING)
    return [
        to_decide.exclude(requested_by=user).exclude(approvals__approver=user),
        ready.filter(requested_by=user),
        failed,
        ready.exclude(requested_by=user),
        to_review(review, actor).exclude(state=State.FAILED, requested_by=user),
    ]


def to_review(rows: Rows, actor: Actor) -> Rows:
    """Return those that the actor took no part in."""
    return rows.exclude(requested_by=user_of(actor)).exclude(executed_by_name=str(actor))


def reviews_due(actor: Actor) -> Rows:
    """Return what was done by breaking the glass and waits for this reader's review."""
    rows = RollbackRequest.objects.listed_for(actor).to_review().exclude(state=State.EXECUTING)
    return to_review(rows.filter(project__in=_projects(actor, APPROVE_ROLLBACK)), actor)


def rows_of(actor: Actor, tab: str) -> list[Rows]:
    """Return the rows of a tab as segments for `listed`."""
    rows = RollbackRequest.objects.listed_for(actor)
    match tab:
        case "waiting":
            return waiting_on(actor)
        case "mine":
            return [rows.filter(requested_by=user_of(actor))]
        case "closed":
            return [rows.exclude(state__in=OPEN)]
    return [rows]


def waiting_count(actor: Actor) -> tuple[int, bool]:
    """Return (how many wait on the actor, whether there are more)."""
    segments = waiting_on(actor)
    return counted(*segments) if segments else (0, False)


def _projects(actor: Actor, permission: str) -> set[int]:
    return set(Project.objects.allowed_to(actor, permission).order_by().values_list("pk", flat=True))


def _barred(actor: Actor, projects: set[int]) -> set[int]:
    """Return the projects whose rules name groups, none of which the actor is in."""
    user = user_of(actor)
    mine = set(user.groups.values_list("name", flat=True)) if user else set()
    rules = RollbackPolicy.objects.filter(project__in=projects).values_list("project", "approver_groups")
    return {project for project, groups in rules if groups and not mine & set(groups)}
