"""How a request stands: who has approved what it is bound to, what is missing, and whether it has become void.

Judged when it is looked at; nothing here writes. `live` is given where DolphinScheduler was just read, None where it was not.
"""

from dataclasses import dataclass

from django.utils import timezone

from audit.actors import Actor, user_of
from catalog.permissions import APPROVE_ROLLBACK, may
from dolphin.observe import Observation
from rollback.binding import after_side, live_side
from rollback.choices import EXECUTABLE, WAITING, Rule, State
from rollback.choices_of import Choices
from rollback.models import RollbackApproval, RollbackPolicy, RollbackRequest
from rollback.policy import policy_of, rule_stands
from snapshotter.models import ContentQuarantine, WorkflowState


@dataclass(frozen=True, slots=True)
class Standing:
    """`needed` approvals by the rules then or now, whichever are more; 0 where an automatic rule stands for them."""

    approvals: list[RollbackApproval]
    needed: int

    @property
    def is_met(self) -> bool:
        return len(self.approvals) >= self.needed

    @property
    def missing(self) -> int:
        return max(0, self.needed - len(self.approvals))


@dataclass(frozen=True, slots=True)
class Moved:
    """Why a request is void.

    `code`: expired, quarantined, published_moved, code_moved, live_moved, states_moved, approver_lost_right; or
    database_restored, which only a command finds.
    """

    code: str
    detail: str = ""


def standing(request: RollbackRequest, policy: RollbackPolicy | None = None) -> Standing:
    """Return the approvals that count; one whose approver lost the right does not. A rule stands for them while the project has it."""
    policy = policy or policy_of(request.project)
    agreed = request.approvals.agreeing().select_related("approver").filter(bound_hash=request.bound_hash)
    passes = request.rule != Rule.NONE and rule_stands(policy, request)
    needed = 0 if passes else max(request.approvals_needed, policy.approvals_needed)
    return Standing([row for row in agreed if _still_may(row, request, policy)], needed)


def moved(request: RollbackRequest, live: Observation | None = None) -> Moved | None:
    """Return what makes a request void that waits or has failed; None while it may go on."""
    if request.state not in (*WAITING, State.FAILED):
        return None
    if request.expires_at <= timezone.now():
        return Moved("expired")
    return _sides(request, live) or _lost_right(request)


def may_approve(actor: Actor, request: RollbackRequest, policy: RollbackPolicy) -> bool:
    """Whether the actor's word would count: the right, the group, and not one's own request."""
    named = in_groups(actor, policy.approver_groups) and in_groups(actor, request.approver_groups)
    return named and may(actor, APPROVE_ROLLBACK, request.project) and not is_own(actor, request)


def is_own(actor: Actor, request: RollbackRequest) -> bool:
    user = user_of(actor)
    return user is not None and request.requested_by_id == user.pk


def in_groups(actor: Actor, groups: list[str]) -> bool:
    """Whether the actor is in one of the groups that the rules name, superusers too: rules say who looks, not who rules."""
    user = user_of(actor)
    return not groups or (user is not None and user.groups.filter(name__in=groups).exists())


def missing_groups(actor: Actor, request: RollbackRequest, policy: RollbackPolicy) -> list[str]:
    """Return the groups, of the rules now or then, none of which the actor is in; [] where nothing is missing."""
    return next(
        (named for named in (policy.approver_groups, request.approver_groups) if not in_groups(actor, named)), []
    )


def is_executable(request: RollbackRequest, stand: Standing | None = None) -> bool:
    """Whether it may be executed as far as our own rows tell."""
    if request.state not in (State.PENDING, *EXECUTABLE):
        return False
    return (stand or standing(request)).is_met and moved(request) is None


def _sides(request: RollbackRequest, live: Observation | None) -> Moved | None:
    workflow = request.workflow
    kept_out = ContentQuarantine.objects.open().covering(workflow).filter(content_hash=request.target.content_hash)
    if (row := kept_out.first()) is not None:
        return Moved("quarantined", row.reason)
    if workflow.workflow_code != request.bound["workflow_code"] or workflow.project_id != request.project_id:
        return Moved("code_moved")
    published = WorkflowState.objects.filter(workflow=workflow).values_list("published", flat=True).first()
    if published != request.base_id:
        return Moved("published_moved")
    if live is None:
        return None
    if live_side(live) != request.bound["live"]:
        return Moved("live_moved")
    choices = Choices.from_json(request.bound["choices"])
    state = WorkflowState.objects.select_related("published").get(workflow=workflow)
    if after_side(request.target, state=state, live=live, choices=choices) != request.bound["after"]:
        return Moved("states_moved")
    return None


def _lost_right(request: RollbackRequest) -> Moved | None:
    """An approval that counted and does not any more makes void what others may have relied on."""
    policy = policy_of(request.project)
    for row in request.approvals.agreeing().select_related("approver"):
        if not _still_may(row, request, policy):
            return Moved("approver_lost_right", row.approver_name)
    return None


def _still_may(row: RollbackApproval, request: RollbackRequest, policy: RollbackPolicy) -> bool:
    approver = row.approver
    return approver is not None and may_approve(approver, request, policy)
