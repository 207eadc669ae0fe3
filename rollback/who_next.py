"""Whom a request waits for, by name: who may approve it, then who may execute it. A few names by few queries; reads only."""

from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import User
from django.db.models import QuerySet

from catalog.explain import people
from catalog.permissions import APPROVE_ROLLBACK
from catalog.service_accounts import PREFIX
from rollback.act_rights import to_execute
from rollback.choices import State
from rollback.models import RollbackPolicy, RollbackRequest
from rollback.standing import Standing

NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class WhoNext:
    """`act`: approve or execute. `more`: that there are more than are named. No names: nobody can."""

    act: str
    names: tuple[str, ...]
    more: bool


def who_next(request: RollbackRequest, stand: Standing, policy: RollbackPolicy) -> WhoNext | None:
    """Return who has the next word; None where nothing waits."""
    if request.state == State.PENDING and not stand.is_met:
        return _named("approve", _approvers(request, policy))
    if request.state in (State.PENDING, State.APPROVED):
        return _named("execute", people(request.project, to_execute(request.act)))
    return None


def _approvers(request: RollbackRequest, policy: RollbackPolicy) -> QuerySet[User]:
    """Those whose word would count and who have not spoken: in the groups of the rules now and of those then."""
    found = people(request.project, APPROVE_ROLLBACK)
    for groups in (policy.approver_groups, request.approver_groups):
        if groups:
            found = found.filter(pk__in=User.groups.through.objects.filter(group__name__in=groups).values("user"))
    spoken = [row.approver_id for row in request.approvals.all() if row.approver_id is not None]
    return found.exclude(pk__in=[*spoken, *([request.requested_by_id] if request.requested_by_id else [])])


def _named(act: str, found: QuerySet[User]) -> WhoNext:
    """People before superusers, who may everything and are seldom whom to wake."""
    rows = found.exclude(username__startswith=PREFIX).order_by("is_superuser", "username")
    names = list(rows.values_list("username", flat=True)[: NAMED + 1])
    return WhoNext(act, tuple(names[:NAMED]), len(names) > NAMED)
