"""Reject: somebody else says no, and why; the request is closed."""

from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest
from definitions.secrets import mask_text
from rollback.approve import decide, require_approver, require_open
from rollback.choices import WAITING, Decision, State
from rollback.models import RollbackRequest
from rollback.move import move
from snapshotter.accepting import accept


def reject(request: RollbackRequest, *, actor: Actor, comment: str) -> RollbackRequest:
    """Close it with a comment. Raises NotAllowed, OwnRequest, NotAnApprover, AlreadyDecided, RequestClosed, InvalidRequest."""
    require_approver(request, actor)
    require_open(request)
    if not comment.strip():
        raise InvalidRequest(_("A rejection needs a comment: what is wrong, what to do instead."), field="comment")
    accept(lambda: _refuse(request, actor, mask_text(comment)))
    return request


def _refuse(request: RollbackRequest, actor: Actor, text: str) -> None:
    decide(request, Decision.REJECT, actor, text)
    move(request, WAITING, State.REJECTED, closed_code="rejected", closed_text=text)
    record("rollback.rejected", actor=actor, target=request, scope=request.project.scope, reason=text)
