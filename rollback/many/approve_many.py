"""Approve many: one person's word on all requests of a batch that they may approve, each an approval of its own, by its project's rules."""

from dataclasses import dataclass

from audit.actors import Actor, user_of
from audit.record import record_refusal
from catalog.errors import NotAllowed
from catalog.permissions import APPROVE_ROLLBACK, may
from rollback.approve import REFUSED, approve
from rollback.choices import State
from rollback.errors import NothingLeft, OwnRequest
from rollback.many.submit_item import Refusal, code_and_text
from rollback.many.submit_many import by_project
from rollback.models import BatchItem, RollbackBatch, RollbackRequest
from rollback.standing import is_own

AT_ONCE = 50  # each looks at DolphinScheduler, and somebody waits


@dataclass(frozen=True, slots=True)
class Decided:
    """`left`: (workflow key, code, text in English) of those that could not be approved; `more`: how many are left for another time."""

    approved: int
    left: list[tuple[str, str, str]]
    more: int


def approve_many(batch: RollbackBatch, *, actor: Actor, comment: str = "") -> Decided:
    """Approve what waits for the actor's word, 50 at once, children first.

    Raises OwnRequest where the batch is the actor's, NotAllowed where they may approve none, NothingLeft.
    """
    items = _waiting(batch, actor)
    if not items:
        raise NothingLeft
    allowed = _allowed(items, actor)
    approved, left = 0, []
    for item in allowed[:AT_ONCE]:
        request = _request(item)
        try:
            approve(request, actor=actor, comment=comment, bound_hash=request.bound_hash)
        except Refusal as error:
            left.append((item.workflow.key, *code_and_text(error)))
        else:
            approved += 1
    return Decided(approved, left, max(0, len(allowed) - AT_ONCE))


def _waiting(batch: RollbackBatch, actor: Actor) -> list[BatchItem]:
    """Those the actor has not decided on."""
    rows = BatchItem.objects.visible_to(actor).filter(batch=batch, request__state=State.PENDING)
    rows = rows.select_related("workflow__project__instance", "request__project__instance").order_by("position")
    decided = set(
        RollbackRequest.objects.filter(batch=batch, approvals__approver=user_of(actor)).values_list("pk", flat=True)
    )
    return [item for item in rows if item.request_id not in decided]


def _allowed(items: list[BatchItem], actor: Actor) -> list[BatchItem]:
    """Return those of projects the actor approves in, by position; refusals are kept once, not for each."""
    first = items[0].request
    if first is not None and is_own(actor, first):
        scope = first.project.scope
        record_refusal(REFUSED, actor=actor, target=items[0].batch, scope=scope, reason="is the requester")
        raise OwnRequest
    allowed: list[BatchItem] = []
    for project, mine in by_project(items):
        if may(actor, APPROVE_ROLLBACK, project):
            allowed += mine
        else:
            reason = f"lacks {APPROVE_ROLLBACK}"
            record_refusal(REFUSED, actor=actor, target=project, scope=project.scope, reason=reason)
    if not allowed:
        raise NotAllowed(permission=APPROVE_ROLLBACK)
    return sorted(allowed, key=lambda item: item.position)


def _request(item: BatchItem) -> RollbackRequest:
    rows = RollbackRequest.objects.select_related("workflow__project__instance", "project__instance", "target")
    return rows.get(batch_item=item)
