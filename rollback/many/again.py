"""Ask again for what was left out of a batch, agreeing to findings by name: what only DolphinScheduler could tell comes up late."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor, user_of
from audit.record import record, record_refusal
from catalog.errors import NotAllowed
from catalog.permissions import REQUEST_ROLLBACK
from rollback.choices import ItemState
from rollback.errors import NothingLeft
from rollback.many.submit_many import REFUSED, by_project
from rollback.models import BatchItem, RollbackBatch

FINAL = ("cancelled", "no_actor", "moved", "nothing_to_do")  # asking again changes nothing


def again(batch: RollbackBatch, *, actor: Actor, acknowledged: Collection[str] = ()) -> int:
    """Return how many are asked for anew, by the worker. Only who asked for the batch may: it is asked for with their rights.

    Raises NotAllowed, NothingLeft.
    """
    user = user_of(actor)
    if user is None or batch.created_by_id != user.pk:
        record_refusal(REFUSED, actor=actor, target=batch, reason="is not the requester")
        raise NotAllowed(permission=REQUEST_ROLLBACK)
    left = BatchItem.objects.filter(batch=batch, state=ItemState.LEFT_OUT, request=None).exclude(code__in=FINAL)
    with transaction.atomic():
        locked = RollbackBatch.objects.select_for_update().get(pk=batch.pk)
        items = list(left.select_related("workflow__project__instance"))
        moved = left.filter(pk__in=[item.pk for item in items]).update(
            state=ItemState.WAITING, code="", text="", findings=[], tries=0, due_at=None, changed_at=timezone.now()
        )
        if not moved:
            raise NothingLeft
        locked.acknowledged = sorted({*locked.acknowledged, *acknowledged})
        locked.save(update_fields=["acknowledged"])
        for project, mine in by_project(items):
            detail = {"workflows": [item.workflow.key for item in mine], "acknowledged": sorted(acknowledged)}
            record(
                "rollback.many_requested",
                actor=actor,
                target=batch,
                scope=project.scope,
                reason=batch.reason,
                detail=detail,
            )
    return moved
