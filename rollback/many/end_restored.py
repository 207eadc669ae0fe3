"""After the database was restored from a backup: what was asked for or ordered in it goes no further by itself.

It may have been carried out since, and undone on purpose: what it is bound to can look the same, so a person asks again.
"""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone, translation

from audit.actors import Actor
from audit.record import record
from rollback.choices import WAITING, ItemState
from rollback.errors import RequestClosed
from rollback.many.submit_many import by_project
from rollback.many.words import REASONS
from rollback.models import BatchItem, RollbackBatch, RollbackRequest
from rollback.standing import Moved
from rollback.void import void

CODE: Final = "database_restored"
_ENDS: Final = {ItemState.WAITING: ItemState.LEFT_OUT, ItemState.ORDERED: ItemState.REFUSED}


@dataclass(frozen=True, slots=True)
class Ended:
    """Requests that waited, single ones and those of rollbacks of many; workflows of the latter that were to be asked for or executed."""

    requests: list[RollbackRequest]
    items: list[BatchItem]


def end_restored(*, actor: Actor) -> Ended:
    """End them, with a row of the trail each, or one a project and rollback of many. Safe to repeat. Call while no worker is at work."""
    batches = RollbackBatch.objects.filter(items__state__in=_ENDS).order_by("pk").distinct()
    items = [item for batch in batches for item in _end_items(batch, actor)]
    waiting = RollbackRequest.objects.filter(state__in=WAITING).order_by("pk")
    waiting = waiting.select_related("workflow", "project__instance", "target")
    return Ended([request for request in waiting if _void(request)], items)


def _void(request: RollbackRequest) -> bool:
    try:
        void(request, Moved(CODE))
    except RequestClosed:  # by the one of another process that looked at it first
        return False
    return True


@transaction.atomic
def _end_items(batch: RollbackBatch, actor: Actor) -> list[BatchItem]:
    rows = BatchItem.objects.filter(batch=batch, state__in=_ENDS).select_related("workflow__project__instance")
    ended = [item for item in rows.order_by("position") if _end(item)]
    for project, mine in by_project(ended):
        detail = {"workflows": [item.workflow.key for item in mine]}
        record("rollback.many_cancelled", actor=actor, target=batch, scope=project.scope, reason=CODE, detail=detail)
    return ended


def _end(item: BatchItem) -> bool:
    with translation.override("en"):
        text = str(REASONS[CODE])
    mine = BatchItem.objects.filter(pk=item.pk, state=item.state)
    values = {"code": CODE, "text": text, "tries": 0, "due_at": None, "lease_until": None, "changed_at": timezone.now()}
    return mine.update(state=_ENDS[ItemState(item.state)], **values) == 1
