"""Approve many: one person's word on the requests of a batch that they saw and may approve, each an approval of its own.

A worker may go on asking while somebody looks, and what was left out may be asked for again: what was not seen is not approved.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from audit.actors import Actor, user_of
from audit.record import record_refusal
from catalog.permissions import APPROVE_ROLLBACK
from rollback.approve import REFUSED, approve
from rollback.choices import State
from rollback.errors import NothingLeft, OwnRequest
from rollback.many.rights import allowed
from rollback.many.submit_item import Refusal, code_and_text
from rollback.models import BatchItem, RollbackBatch, RollbackRequest
from rollback.standing import is_own

AT_ONCE = 50  # each looks at DolphinScheduler, and somebody waits


@dataclass(frozen=True, slots=True)
class Decided:
    """`left`: (workflow key, code, text in English) of those that could not be approved.

    `more`: how many of those seen are left for another time; `unseen`: how many wait that were not seen.
    """

    approved: int
    left: list[tuple[str, str, str]]
    more: int
    unseen: int


def approve_many(batch: RollbackBatch, *, actor: Actor, seen: Mapping[int, str], comment: str = "") -> Decided:
    """Approve what waits for the actor's word and was seen, 50 at once, children first.

    `seen`: {request: bound_hash as it was shown}; another hash by now is left with `request_closed`. Raises OwnRequest where the batch is
    the actor's, NotAllowed or NotFound where they may approve none, NothingLeft, also where none of those seen waits.
    """
    items = _waiting(batch, actor)
    mine = allowed(items, actor, APPROVE_ROLLBACK, event=REFUSED)
    _require_others(items[0], actor)
    shown = [(item, bound_hash) for item in mine if (bound_hash := seen.get(item.request_id or 0))]
    if not shown:
        raise NothingLeft
    approved, left = 0, []
    for item, bound_hash in shown[:AT_ONCE]:
        try:
            approve(_request(item), actor=actor, comment=comment, bound_hash=bound_hash)
        except Refusal as error:
            left.append((item.workflow.key, *code_and_text(error)))
        else:
            approved += 1
    return Decided(approved, left, max(0, len(shown) - AT_ONCE), len(mine) - len(shown))


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
