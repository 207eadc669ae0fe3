"""Execute many: order the approved requests of a batch to be executed. A worker begins each once those it uses are back."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from audit.record import record
from catalog.permissions import EXECUTE_ROLLBACK
from rollback.choices import ItemState, State
from rollback.errors import NothingLeft
from rollback.many.rights import account_of, allowed
from rollback.many.submit_many import by_project
from rollback.models import BatchItem, RollbackBatch

REFUSED = "rollback.many_execute_refused"
_ORDERABLE = (ItemState.SUBMITTED, ItemState.REFUSED)
_AGAIN = (*_ORDERABLE, ItemState.ORDERED, ItemState.BEGUN)


def execute_many(
    batch: RollbackBatch, *, actor: Actor, workflows: Collection[str] = (), goes_alone: bool = False
) -> int:
    """Return how many were ordered, among what the actor may execute: all that are approved, or those named by key.

    Named ones that failed are tried again. `goes_alone`: named ones do not wait for those they use. Whether each may still be executed is
    asked when it begins. Raises NotAllowed or NotFound where the actor may execute none, NothingLeft, InvalidRequest.
    """
    user = account_of(actor)
    items = _orderable(batch, workflows)
    mine = allowed(items, actor, EXECUTE_ROLLBACK, event=REFUSED, all_meant=bool(workflows))
    with transaction.atomic():
        ordered = [item for item in mine if _order(item, user, goes_alone and bool(workflows))]
        if not ordered:
            raise NothingLeft
        for project, rows in by_project(ordered):
            record(
                "rollback.many_executed",
                actor=actor,
                target=batch,
                scope=project.scope,
                reason=batch.reason,
                detail={"workflows": [item.workflow.key for item in rows], "goes_alone": goes_alone},
            )
    return len(ordered)


def _orderable(batch: RollbackBatch, workflows: Collection[str]) -> list[BatchItem]:
    rows = BatchItem.objects.filter(batch=batch).select_related("workflow__project__instance")
    if not workflows:
        return list(rows.filter(state__in=_ORDERABLE, request__state=State.APPROVED).order_by("position"))
    states = (State.APPROVED, State.FAILED)
    named = rows.filter(workflow__key__in=workflows, state__in=_AGAIN, request__state__in=states)
    return list(named.order_by("position"))


def _order(item: BatchItem, user: int, goes_alone: bool) -> bool:
    """Of two people who order at once, one does."""
    mine = BatchItem.objects.filter(pk=item.pk, state=item.state, attempt=item.attempt, goes_alone=item.goes_alone)
    moved = mine.update(
        state=ItemState.ORDERED,
        ordered_by=user,
        goes_alone=goes_alone,
        code="",
        text="",
        tries=0,
        due_at=None,
        changed_at=timezone.now(),
    )
    return moved == 1
