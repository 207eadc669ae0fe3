"""Cancel: the requester, or who executes rollbacks in the project, takes a request back before it began."""

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.permissions import require
from definitions.secrets import mask_text
from rollback.act_rights import to_ask, to_execute
from rollback.choices import WAITING, State
from rollback.models import RollbackRequest
from rollback.move import move
from rollback.standing import is_own


def cancel(request: RollbackRequest, *, actor: Actor, reason: str = "") -> RollbackRequest:
    """Close what waits or has failed. Raises NotAllowed, RequestClosed once it is being executed."""
    right = to_ask(request.act) if is_own(actor, request) else to_execute(request.act)
    require(actor, right, request.project, event="rollback.cancel_refused")
    text = mask_text(reason)
    with transaction.atomic():
        move(request, [*WAITING, State.FAILED], State.CANCELLED, closed_code="cancelled", closed_text=text)
        record("rollback.cancelled", actor=actor, target=request, scope=request.project.scope, reason=text)
    return request
