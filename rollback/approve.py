"""Approve: somebody else agrees to exactly what the request is bound to."""

from django.db import IntegrityError, transaction

from audit.actors import Actor, user_of
from audit.record import record, record_refusal
from catalog.permissions import APPROVE_ROLLBACK, require
from definitions.secrets import mask_text
from rollback.choices import WAITING, Decision, State
from rollback.errors import AlreadyDecided, NotAnApprover, OwnRequest, RequestClosed
from rollback.models import RollbackApproval, RollbackRequest
from rollback.move import move
from rollback.policy import policy_of
from rollback.standing import is_own, missing_groups, standing
from rollback.void import require_standing
from snapshotter.accepting import accept
from versions.live import look_now

REFUSED = "rollback.decision_refused"


def approve(request: RollbackRequest, *, actor: Actor, comment: str = "", bound_hash: str = "") -> RollbackRequest:
    """Count the actor's approval; the last one needed makes the request approved. DolphinScheduler is read: what moved voids the request.

    `bound_hash`: what the approver saw, "" for what the row says now. Raises NotAllowed, OwnRequest, NotAnApprover, AlreadyDecided,
    RequestClosed, Voided, DolphinError.
    """
    require_approver(request, actor)
    require_open(request)
    if bound_hash not in ("", request.bound_hash):
        raise RequestClosed(state=request.state)
    require_standing(request, look_now(request.workflow))
    accept(lambda: _agree(request, actor, comment))
    return request


def _agree(request: RollbackRequest, actor: Actor, comment: str) -> None:
    decide(request, Decision.APPROVE, actor, comment)
    if request.state == State.PENDING and standing(request).is_met:
        move(request, [State.PENDING], State.APPROVED)
    _audit(request, actor, comment)


def require_approver(request: RollbackRequest, actor: Actor) -> None:
    """Raise unless the actor may decide on this request; the refused attempt is an audit row."""
    project = request.project
    require(actor, APPROVE_ROLLBACK, project, event=REFUSED)
    if is_own(actor, request) or user_of(actor) is None:  # the service itself is nobody's second pair of eyes
        record_refusal(REFUSED, actor=actor, target=request, scope=project.scope, reason="is the requester")
        raise OwnRequest
    require_in_groups(request, actor, event=REFUSED)


def require_in_groups(request: RollbackRequest, actor: Actor, *, event: str) -> None:
    """Raise NotAnApprover unless the actor is in the groups that the rules name, now and then; the refused attempt is an audit row."""
    if named := missing_groups(actor, request, policy_of(request.project)):
        reason = f"is in none of {', '.join(named)}"
        record_refusal(event, actor=actor, target=request, scope=request.project.scope, reason=reason)
        raise NotAnApprover(groups=named)


def require_open(request: RollbackRequest) -> None:
    if request.state not in WAITING:
        raise RequestClosed(state=request.state)


def decide(request: RollbackRequest, decision: Decision, actor: Actor, comment: str) -> RollbackApproval:
    """Write the actor's word; one a person and request. Locks the request, so that two last approvals are counted one after the other."""
    locked = RollbackRequest.objects.select_for_update().get(pk=request.pk)
    require_open(locked)
    request.state = locked.state
    try:
        with transaction.atomic():
            return RollbackApproval.objects.create(
                request=request,
                approver=user_of(actor),
                approver_name=str(actor),
                decision=decision,
                comment=mask_text(comment),
                bound_hash=request.bound_hash,
            )
    except IntegrityError:
        raise AlreadyDecided from None


def _audit(request: RollbackRequest, actor: Actor, comment: str) -> None:
    stand = standing(request)
    record(
        "rollback.approved",
        actor=actor,
        target=request,
        scope=request.project.scope,
        reason=mask_text(comment),
        detail={"bound_hash": request.bound_hash, "approvals": len(stand.approvals), "needed": stand.needed},
    )
