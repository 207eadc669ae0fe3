"""Ask for the rollback of one item: its own request, in its own transaction, with its own look at DolphinScheduler.

An item is asked for at most once: its request names the batch, one a batch and workflow, and is found again by whoever takes the item up
after a worker that died.
"""

import logging
from collections.abc import Mapping
from typing import Any

from django.utils import translation

from catalog.errors import ServiceError
from definitions.errors import DefinitionError
from definitions.secrets import mask_text
from dolphin.errors import DolphinError
from rollback.cancel import cancel
from rollback.choices import WAITING, Category, ItemState
from rollback.choices_of import Choices
from rollback.many.claim import put_aside, settle
from rollback.many.words import REASONS
from rollback.models import BatchItem, RollbackRequest
from rollback.submit import Ask, submit
from snapshotter.choices import Online, ScheduleChoice
from snapshotter.errors import StaleBase
from snapshotter.failures import SyncFailed, from_dolphin
from snapshotter.models import WorkflowState

logger = logging.getLogger(__name__)
Refusal = (ServiceError, DefinitionError, DolphinError, SyncFailed)


def submit_item(item: BatchItem) -> None:
    """Make the request of a claimed item, or say why there is none. What is refused for one does not stop the others."""
    if _found(item):
        return
    user = item.batch.created_by
    if user is None:
        _leave_out(item, "no_actor")
        return
    published = WorkflowState.objects.filter(workflow=item.workflow).values_list("published", flat=True).first()
    if published != item.seen_id:
        _leave_out(item, "moved")
        return
    try:
        with translation.override("en"):  # texts are kept in English and shown in the reader's language
            request = submit(_ask(item), actor=user)
    except StaleBase:  # published while DolphinScheduler was read
        if not _found(item):
            _leave_out(item, "moved")
        return
    except Refusal as error:
        if not _found(item):  # else another worker, or this one before it died, has made it
            _refused(item, error)
        return
    _keep(item, request)


def _found(item: BatchItem) -> bool:
    request = RollbackRequest.objects.filter(batch=item.batch, workflow=item.workflow).first()
    if request is not None:
        _keep(item, request)
    return request is not None


def _keep(item: BatchItem, request: RollbackRequest) -> None:
    if settle(item, ItemState.SUBMITTED, request=request):
        return
    # Cancelled while DolphinScheduler was looked at: then the request goes too.
    if BatchItem.objects.filter(pk=item.pk, state=ItemState.LEFT_OUT, code="cancelled").exists():
        current = RollbackRequest.objects.select_related("project__instance").get(pk=request.pk)
        if current.state in WAITING and item.batch.created_by is not None:
            cancel(current, actor=item.batch.created_by, reason="The rollback of many was cancelled.")


def _ask(item: BatchItem) -> Ask:
    batch = item.batch
    return Ask(
        workflow=item.workflow,
        target=item.target,
        base=item.seen.version,
        reason=batch.reason,
        category=Category(batch.category),
        ticket=batch.ticket,
        choices=choices_of(batch.choices),
        wait_for_runs=batch.wait_for_runs,
        acknowledged=tuple(batch.acknowledged),
        override_freeze=batch.override_freeze,
        batch=batch,
        batch_position=item.position,
    )


def choices_of(kept: Mapping[str, Any]) -> Choices:
    """Return what was chosen for all, from how it is kept."""
    return Choices(
        online=Online(kept["online"]),
        schedule=ScheduleChoice(kept["schedule"]),
        schedule_state=Online(kept["schedule_state"]),
        with_name=bool(kept["with_name"]),
        with_layout=bool(kept["with_layout"]),
    )


def code_and_text(error: Exception) -> tuple[str, str]:
    """Return what is kept of a refusal: its code, and its words in English, secrets masked."""
    if isinstance(error, DolphinError):
        failure = from_dolphin(error, step="read")
        return failure.code, failure.text
    if isinstance(error, SyncFailed):
        return error.code, error.text
    with translation.override("en"):
        return str(getattr(error, "code", "error")), mask_text(str(error))


def is_passing(error: Exception) -> bool:
    """Whether it may be otherwise in a while."""
    return not getattr(error, "permanent", True)


def _refused(item: BatchItem, error: Exception) -> None:
    code, text = code_and_text(error)
    if is_passing(error) and put_aside(item, code, text):
        return
    findings = error.extra.get("findings", []) if isinstance(error, ServiceError) else []
    logger.info("batch=%s workflow=%s is left out: %s", item.batch_id, item.workflow_id, code)
    kept = [{name: row[name] for name in ("code", "weight", "values") if name in row} for row in findings]
    settle(item, ItemState.LEFT_OUT, code=code[:64], text=text, findings=kept)


def _leave_out(item: BatchItem, code: str) -> None:
    with translation.override("en"):
        settle(item, ItemState.LEFT_OUT, code=code, text=str(REASONS[code]))
