"""Cancel the rest of a batch: what has not begun goes no further; what has, goes on to its end."""

from django.db import transaction
from django.utils import timezone, translation

from audit.actors import Actor, user_of
from audit.record import record
from catalog.errors import ServiceError
from catalog.permissions import EXECUTE_ROLLBACK, REQUEST_ROLLBACK
from definitions.secrets import mask_text
from rollback.cancel import cancel
from rollback.choices import WAITING, ItemState, State
from rollback.errors import NothingLeft
from rollback.many.rights import allowed
from rollback.many.submit_many import by_project
from rollback.many.words import REASONS
from rollback.models import BatchItem, RollbackBatch, RollbackRequest

REFUSED = "rollback.many_cancel_refused"


def cancel_many(batch: RollbackBatch, *, actor: Actor, reason: str = "") -> int:
    """Return how many were cancelled, among what the actor may cancel: one's own, or by the right to execute there.

    Raises NotAllowed or NotFound where there is something and the actor may cancel none of it, NothingLeft.
    """
    user = user_of(actor)
    is_mine = user is not None and batch.created_by_id == user.pk
    mine = allowed(_open(batch), actor, REQUEST_ROLLBACK if is_mine else EXECUTE_ROLLBACK, event=REFUSED)
    text = mask_text(reason)
    RollbackBatch.objects.filter(pk=batch.pk, cancelled_at=None).update(cancelled_at=timezone.now())
    cancelled = [item for item in mine if _cancel(item, actor, text)]
    if not cancelled:
        raise NothingLeft
    for project, rows in by_project(cancelled):
        keys = [item.workflow.key for item in rows]
        record(
            "rollback.many_cancelled",
            actor=actor,
            target=batch,
            scope=project.scope,
            reason=text,
            detail={"workflows": keys},
        )
    return len(cancelled)


def _open(batch: RollbackBatch) -> list[BatchItem]:
    rows = BatchItem.objects.filter(batch=batch).order_by("position")
    found = rows.select_related("batch", "workflow__project__instance", "request__project__instance")
    states = (*WAITING, State.FAILED)
    return [
        item for item in found if (item.request is None and item.state == ItemState.WAITING) or _is_in(item, states)
    ]


def _is_in(item: BatchItem, states: tuple[State, ...]) -> bool:
    return item.request is not None and item.request.state in states


def _cancel(item: BatchItem, actor: Actor, reason: str) -> bool:
    """Cancel one, whether or not its request was made. False where it has just begun, or somebody else closed it."""
    if item.request is None and _leave_out(item):
        return True
    request = RollbackRequest.objects.select_related("project__instance").filter(
        batch=item.batch, workflow=item.workflow
    )
    found = request.first()
    if found is None:
        return False
    try:
        cancel(found, actor=actor, reason=reason)
    except ServiceError:
        return False
    return True


def _leave_out(item: BatchItem) -> bool:
    with translation.override("en"), transaction.atomic():
        waiting = BatchItem.objects.filter(pk=item.pk, state=ItemState.WAITING)
        moved = waiting.update(
            state=ItemState.LEFT_OUT,
            code="cancelled",
            text=str(REASONS["cancelled"]),
            lease_until=None,
            changed_at=timezone.now(),
        )
    return moved == 1
