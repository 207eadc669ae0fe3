"""Review: after the glass was broken somebody else says whether it was right."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor, user_of
from audit.models import Outcome
from audit.record import record, record_refusal
from catalog.errors import InvalidRequest
from catalog.permissions import APPROVE_ROLLBACK, require
from definitions.secrets import mask_text
from rollback.approve import require_in_groups
from rollback.choices import State, Verdict
from rollback.errors import NothingToReview, OwnRequest
from rollback.models import RollbackRequest
from rollback.standing import is_own

REFUSED = "rollback.review_refused"


def review(request: RollbackRequest, *, actor: Actor, verdict: Verdict, text: str) -> RollbackRequest:
    """Close the review; nobody who asked for it, decided on it or had it executed may.

    Raises NotAllowed, OwnRequest, NotAnApprover, NothingToReview, InvalidRequest.
    """
    project = request.project
    require(actor, APPROVE_ROLLBACK, project, event=REFUSED)
    if has_taken_part(actor, request):
        record_refusal(REFUSED, actor=actor, target=request, scope=project.scope, reason="took part in it")
        raise OwnRequest
    require_in_groups(request, actor, event=REFUSED)
    if verdict not in (Verdict.RIGHT, Verdict.WRONG) or not text.strip():
        raise InvalidRequest(_("A review needs a verdict, right or wrong, and a text."), field="verdict")
    words = mask_text(text)
    with transaction.atomic():
        reviewed = RollbackRequest.objects.to_review().filter(pk=request.pk).exclude(state=State.EXECUTING)
        values = {
            "reviewed_at": timezone.now(),
            "reviewed_by_name": str(actor),
            "verdict": verdict,
            "review_text": words,
        }
        if reviewed.update(**values) != 1:
            raise NothingToReview
        record(
            "rollback.reviewed",
            actor=actor,
            target=request,
            scope=project.scope,
            outcome=Outcome.OK,
            reason=words,
            detail={
                "verdict": str(verdict),
                "in_time": bool(request.review_due_at and timezone.now() <= request.review_due_at),
            },
        )
    request.refresh_from_db()
    return request


def has_taken_part(actor: Actor, request: RollbackRequest) -> bool:
    """Whether the actor asked for it, decided on it, or had it executed, at any attempt."""
    if is_own(actor, request) or str(actor) in (request.executed_by_name, *request.took_part):
        return True
    user = user_of(actor)
    return user is not None and request.approvals.filter(approver=user).exists()
