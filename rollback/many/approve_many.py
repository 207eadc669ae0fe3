"""Approve many: one person's word on all requests of a batch that they may approve, each an approval of its own, by its project's rules."""

from dataclasses import dataclass

from audit.actors import Actor, user_of
from audit.record import record_refusal
from catalog.permissions import APPROVE_ROLLBACK
from rollback.approve import REFUSED, approve
from rollback.choices import State
from rollback.errors import OwnRequest
from rollback.many.rights import allowed
from rollback.many.submit_item import Refusal, code_and_text
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

    Raises OwnRequest where the batch is the actor's, NotAllowed or NotFound where they may approve none, NothingLeft.
    """
    items = _waiting(batch, actor)
    mine = allowed(items, actor, APPROVE_ROLLBACK, event=REFUSED)
    _require_others(items[0], actor)
    approved, left = 0, []
    for item in mine[:AT_ONCE]:
        request = _request(item)
        try:
            approve(request, actor=actor, comment=comment, bound_hash=request.bound_hash)
        except Refusal as error:
            left.append((item.workflow.key, *code_and_text(error)))
        else:
            approved += 1
    return Decided(approved, left, max(0, len(mine) - AT_ONCE))


def _waiting(batch: RollbackBatch, actor: Actor) -> list[BatchItem]:
    """Those the actor has not decided on."""
    rows = BatchItem.objects.filter(batch=batch, request__state=State.PENDING)
    rows = rows.select_related("batch", "workflow__project__instance", "request__project__instance").order_by(
        "position"
    )
    decided = set(
        RollbackRequest.objects.filter(batch=batch, approvals__approver=user_of(actor)).values_list("pk", flat=True)
    )
    return [item for item in rows if item.request_id not in decided]


def _require_others(item: BatchItem, actor: Actor) -> None:
    """A batch is one person's: their own is refused once, not for each."""
    request = item.request
    if request is not None and is_own(actor, request):
        scope = request.project.scope
        record_refusal(REFUSED, actor=actor, target=item.batch, scope=scope, reason="is the requester")
        raise OwnRequest


def _request(item: BatchItem) -> RollbackRequest:
    rows = RollbackRequest.objects.select_related("workflow__project__instance", "project__instance", "target")
    return rows.get(batch_item=item)
