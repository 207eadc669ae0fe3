"""Retry a failed publish: the same version, one more sync. Only while nothing newer stands and the base has not moved."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, QuerySet

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.permissions import PUBLISH, require
from snapshotter.choices import CAPTURED, Online, ScheduleChoice, Status, SyncKind, Trigger
from snapshotter.errors import RetryThroughRequest, StateConflict, Superseded
from snapshotter.failed import note_tried_again
from snapshotter.gates.gates import check_gates, refusals_recorded
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.start import start
from snapshotter.writing import require_writing

_CLEARED = {"error_step": "", "error_code": "", "error_text": "", "live_effect": ""}


def retry(snapshot: Snapshot, *, actor: Actor, force_reason: str = "") -> Sync:
    """Publish a failed version again. Raises Superseded, WorkflowLocked, InvalidRequest (it has not failed), NotAllowed, ProjectOff.

    A rollback is tried again through its request, where every check is made again: RetryThroughRequest.
    """
    project = snapshot.workflow.project
    require(actor, PUBLISH, project, event="publish.retry_refused")
    if snapshot.rollback_of_id is not None:
        raise RetryThroughRequest
    require_writing(project)
    with refusals_recorded("publish.retry_refused", project, actor), transaction.atomic():
        state = WorkflowState.objects.select_for_update().get(workflow=snapshot.workflow)
        last = _last_sync(snapshot)
        _check_newest(snapshot, state, last)
        sync = start(
            snapshot.workflow,
            kind=SyncKind.PUBLISH,
            actor=actor,
            snapshot=snapshot,
            online=Online(last.online),
            schedule=ScheduleChoice(last.schedule),
            force_reason=force_reason or last.force_reason,
            options={**last.options, "override_freeze": ""},
        )
        check_gates(sync)
        _draft_again(snapshot)
        record(
            "publish.retried",
            actor=actor,
            target=snapshot,
            scope=project.scope,
            reason=force_reason,
            detail={"sync": sync.pk},
        )
    return sync


def may_retry(snapshot: Snapshot, state: WorkflowState) -> bool:
    """Whether a page may offer it; asked again when it is done."""
    if snapshot.status != Status.FAILED or state.lock_id is not None or snapshot.rollback_of_id is not None:
        return False
    mine = snapshot.syncs.filter(kind=SyncKind.PUBLISH).annotate(is_overtaken=Exists(_newer(snapshot)))
    last: Any = mine.order_by("-id").first()
    return last is not None and not last.is_overtaken and state.published_id == last.options.get("base")


def _last_sync(snapshot: Snapshot) -> Sync:
    last = snapshot.syncs.filter(kind=SyncKind.PUBLISH).order_by("-id").first()
    if snapshot.status != Status.FAILED or last is None:
        raise InvalidRequest("Only a failed publish can be retried.", field="snapshot")
    return last


def _check_newest(snapshot: Snapshot, state: WorkflowState, last: Sync) -> None:
    if _is_superseded(snapshot, state, last):
        raise Superseded(version=snapshot.version)


def _is_superseded(snapshot: Snapshot, state: WorkflowState, last: Sync) -> bool:
    """A newer publish, or another published version than the one it was made on, stands in the way; captured versions don't."""
    return state.published_id != last.options.get("base") or _newer(snapshot).exists()


def _newer(snapshot: Snapshot) -> QuerySet[Snapshot]:
    newer = Snapshot.objects.filter(workflow_id=snapshot.workflow_id, version__gt=snapshot.version)
    return newer.exclude(trigger__in=[*CAPTURED, Trigger.IMPORT])


def _draft_again(snapshot: Snapshot) -> None:
    moved = Snapshot.objects.filter(pk=snapshot.pk, status=Status.FAILED).update(status=Status.DRAFT, **_CLEARED)
    if moved != 1:
        raise StateConflict
    note_tried_again(snapshot.workflow.pk)
    snapshot.refresh_from_db()
