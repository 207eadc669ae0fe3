"""Finding a request by its address, and what a reader may do with it, each refusal in words."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.models import AuditEntry
from catalog.errors import NotFound
from catalog.models import Project, Workflow
from catalog.pages import actor_of
from catalog.permissions import APPROVE_ROLLBACK, BREAK_GLASS, rights
from rollback.act_rights import to_ask, to_execute
from rollback.choices import WAITING, State
from rollback.choices import Act as What
from rollback.models import RollbackPolicy, RollbackRequest
from rollback.review import has_taken_part
from rollback.standing import Standing, is_own, missing_groups


@dataclass(frozen=True, slots=True)
class Act:
    """`why` it can't be done by this reader, "" where it can. Shown disabled then."""

    why: str = ""

    @property
    def may(self) -> bool:
        return not self.why


def request_of(request: HttpRequest, pk: int) -> RollbackRequest:
    """Return the request with all its page shows. Raises NotFound, also where the reader may not see it."""
    found: RollbackRequest | None = (
        RollbackRequest.objects.visible_to(actor_of(request))
        .select_related(
            *("workflow__project__instance", "workflow__state__published", "workflow__state__lock"),
            *("project__instance", "target", "base", "sync__snapshot", "requested_by", "batch"),
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def hide_elsewhere(requests: Iterable[RollbackRequest], reader: Actor) -> None:
    """Give workflows that went on to a project the reader may not see the name of then. For pages, never before a verb.

    `is_elsewhere` says whose they are. One query at most.
    """
    gone = [row for row in requests if row.workflow.project_id != row.project_id]
    seen = Project.objects.seen_among({row.workflow.project_id for row in gone}, reader)
    for row in gone:
        if row.workflow.project_id not in seen:
            row.is_elsewhere = True
            row.workflow.name = row.target.label


def shown_workflow(request: RollbackRequest) -> Workflow:
    """Return the workflow as the request's page names it: in the project of then where the reader may not see its present one."""
    shown = copy(request.workflow)
    if request.is_elsewhere:
        shown.project = request.project
    return shown


def glass_reason(request: RollbackRequest) -> str:
    """Return why it could not wait, as the trail has it: its reviewer must know."""
    entries = AuditEntry.objects.get_for_object(request).filter(event="rollback.glass_broken")
    return str(entries.order_by("-id").values_list("reason", flat=True).first() or "")


def acts(request: RollbackRequest, reader: Actor, stand: Standing, policy: RollbackPolicy) -> dict[str, Act]:
    """Return {name: act} of what can be done with a request as it stands; what makes no sense now is not in it."""
    held, found = rights(reader, request.project), {}
    if request.state in WAITING:
        found["decide"] = _decide(request, reader, policy, held)
    if request.state in (*WAITING, State.FAILED):
        found["execute"] = _execute(request, stand, held)
        found["cancel"] = _cancel(request, reader, held)
    if request.state == State.PENDING and not stand.is_met and BREAK_GLASS in held:
        found["glass"] = Act()
    if request.needs_review and request.state != State.EXECUTING:
        found["review"] = _review(request, reader, held)
    if (
        request.state not in (*WAITING, State.EXECUTING, State.DONE)
        and to_ask(request.act) in held
        and not request.is_elsewhere
    ):
        found["again"] = Act()
    return found


def _decide(request: RollbackRequest, reader: Actor, policy: RollbackPolicy, held: frozenset[str]) -> Act:
    if is_own(reader, request):
        return Act(_("Nobody decides on a request of their own."))
    if APPROVE_ROLLBACK not in held:
        return Act(_("You may not approve rollbacks in this project."))
    if named := missing_groups(reader, request, policy):
        return Act(_("Only members of %(groups)s approve here.") % {"groups": ", ".join(named)})
    if any(row.approver_id == reader.pk for row in request.approvals.all()):
        return Act(_("You have decided on this request already."))
    return Act()


def _execute(request: RollbackRequest, stand: Standing, held: frozenset[str]) -> Act:
    if to_execute(request.act) not in held:
        is_back = request.act == What.PUT_BACK
        no = _("You may not put the published version back in this project.")
        return Act(no if is_back else _("You may not execute rollbacks in this project."))
    if not stand.is_met:
        return Act(_("%(given)s of %(needed)s approvals.") % {"given": len(stand.approvals), "needed": stand.needed})
    return Act()


def _cancel(request: RollbackRequest, reader: Actor, held: frozenset[str]) -> Act:
    right = to_ask(request.act) if is_own(reader, request) else to_execute(request.act)
    return Act() if right in held else Act(_("The requester cancels it, or who executes rollbacks in this project."))


def _review(request: RollbackRequest, reader: Actor, held: frozenset[str]) -> Act:
    if has_taken_part(reader, request):
        return Act(_("Whoever took part does not review it."))
    if APPROVE_ROLLBACK not in held:
        return Act(_("You may not approve rollbacks in this project."))
    return Act()
