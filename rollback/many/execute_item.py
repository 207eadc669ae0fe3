"""Execute the request of one item, with the rights of who had it executed, and keep what came of it."""

import logging

from django.utils import translation

from rollback.choices import ItemState, State
from rollback.errors import RequestClosed
from rollback.execute import execute
from rollback.many.claim import put_aside, settle
from rollback.many.submit_item import Refusal, code_and_text, is_passing
from rollback.many.words import REASONS
from rollback.models import BatchItem, RollbackRequest

logger = logging.getLogger(__name__)


def execute_item(item: BatchItem) -> None:
    """Begin a claimed item. It begins once, however many workers take it up: a request is executed by a conditional move."""
    request = item.request
    if request is None or item.ordered_by is None:
        with translation.override("en"):
            settle(item, ItemState.REFUSED, code="no_actor", text=str(REASONS["no_actor"]))
        return
    if request.state in (State.EXECUTING, State.DONE):  # a worker that died had begun it, or a person did
        settle(item, ItemState.BEGUN)
        return
    try:
        with translation.override("en"):
            execute(request, actor=item.ordered_by)
    except Refusal as error:
        _refused(item, error)
        return
    settle(item, ItemState.BEGUN)


def _refused(item: BatchItem, error: Exception) -> None:
    if isinstance(error, RequestClosed) and _is_begun(item):
        settle(item, ItemState.BEGUN)
        return
    code, text = code_and_text(error)
    if is_passing(error) and put_aside(item, code, text):
        return
    logger.info("batch=%s workflow=%s is not executed: %s", item.batch_id, item.workflow_id, code)
    settle(item, ItemState.REFUSED, code=code[:64], text=text)


def _is_begun(item: BatchItem) -> bool:
    state = RollbackRequest.objects.values_list("state", flat=True).get(batch_item=item)
    return state in (State.EXECUTING, State.DONE)
