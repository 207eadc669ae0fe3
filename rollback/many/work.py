"""What a worker does for rollbacks of many, in slices of time: ask for what is to be asked for, then execute what was ordered and is free.

`work_due` is called by every round of a worker and by the sweep. Several may run side by side; one that dies loses nothing.
"""

import logging
import time
from collections.abc import Callable

from django.utils import translation

from audit.context import RequestContext, request_context
from rollback.choices import ItemState
from rollback.many.claim import claim, put_aside, settle
from rollback.many.execute_item import execute_item
from rollback.many.progress import of_batch
from rollback.many.submit_item import submit_item
from rollback.many.words import REASONS
from rollback.models import BatchItem, RollbackBatch

logger = logging.getLogger(__name__)
_AT_ONCE = 50  # items looked up at a time


def work_due(seconds: float) -> int:
    """Work for about so long; return how many items were worked on. Never raises for what one item meets."""
    until = time.monotonic() + seconds
    return submit_due(until) + execute_due(until)


def submit_due(until: float) -> int:
    """Ask for the rollbacks of items that wait, until the time (monotonic) is up; at least one is tried."""
    due = BatchItem.objects.to_submit().values_list("pk", flat=True)[:_AT_ONCE]
    return _work(list(due), ItemState.WAITING, submit_item, until)


def execute_due(until: float) -> int:
    """Begin the items that were ordered and wait for none of the others, likewise. They run at once, each as a sync of its own."""
    batches = BatchItem.objects.to_execute().order_by().values_list("batch", flat=True).distinct()[:_AT_ONCE]
    worked = 0
    for batch in RollbackBatch.objects.filter(pk__in=list(batches)).order_by("pk"):
        items, found = of_batch(batch)
        # Those whose request has moved without them too: a worker that died had begun them, or somebody closed it.
        ordered = [item for item in items if item.state == ItemState.ORDERED]
        ready = [item.pk for item in ordered if found[item.workflow_id].stage not in ("waits", "stopped")]
        worked += _work(ready, ItemState.ORDERED, execute_item, until)
    return worked


def _work(ids: list[int], state: ItemState, act: Callable[[BatchItem], None], until: float) -> int:
    worked = 0
    for item_id in ids:
        if worked and time.monotonic() > until:
            break
        item = claim(item_id, state)
        if item is not None:
            worked += 1
            _act(item, act)
    return worked


def _act(item: BatchItem, act: Callable[[BatchItem], None]) -> None:
    """Whatever one meets must not keep the others waiting: it is tried again later, and not for ever. Raises where that can't be noted."""
    batch = item.batch
    user = item.ordered_by if item.state == ItemState.ORDERED else batch.created_by
    context = RequestContext(
        request_id=batch.request_id,
        actor_id=user.pk if user else None,
        actor_name=str(user or batch.created_by_name),
        about=(("batch", batch.pk),),
    )
    with request_context(context):
        try:
            act(item)
        except Exception:
            logger.exception("batch=%s workflow=%s", item.batch_id, item.workflow_id)
            _surprised(item)


def _surprised(item: BatchItem) -> None:
    """Where the database itself is away, this fails too, and the round ends: the item's lease runs out."""
    with translation.override("en"):
        text = str(REASONS["unexpected"])
    if not put_aside(item, "unexpected", text):
        ended = ItemState.REFUSED if item.state == ItemState.ORDERED else ItemState.LEFT_OUT
        settle(item, ended, code="unexpected", text=text)
