"""Confirm: the platform says that its DolphinScheduler calls are done.

Nothing is believed: a worker reads DolphinScheduler back and judges.
"""

from django.db import transaction

from audit.actors import Actor, user_of
from audit.context import current
from audit.record import record
from catalog.choices import Mode
from catalog.errors import InvalidRequest, ProjectOff
from catalog.models import Workflow
from catalog.permissions import PUBLISH, require
from snapshotter import dispatch, locks
from snapshotter.choices import Status, SyncKind, SyncState
from snapshotter.errors import AlreadyBound, NotADraft, StateConflict, Superseded
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.publish import Accepted

EVENT = "confirm.accepted"
_LOOKS = 3


def confirm(snapshot: Snapshot, *, workflow_code: int, dolphin_version: int | None = None, actor: Actor) -> Accepted:
    """Queue the proof of a draft and return its sync. A second confirm, and one of a version that has ended, gets the same answer.

    One that comes after the deadline is taken as long as nothing newer was published. Raises NotADraft, Superseded, WorkflowLocked,
    AlreadyBound, ProjectOff, InvalidRequest, NotAllowed.
    """
    require(actor, PUBLISH, snapshot.project, event="confirm.refused")
    for _ in range(_LOOKS):
        try:
            return _confirm(snapshot, workflow_code, dolphin_version, actor)
        except StateConflict:
            snapshot.refresh_from_db()  # a second confirm or the deadline was a moment earlier: answer as it stands now
    raise StateConflict


def _confirm(snapshot: Snapshot, workflow_code: int, dolphin_version: int | None, actor: Actor) -> Accepted:
    workflow = snapshot.workflow
    _check_code(workflow, workflow_code)
    asked = {"workflow_code": workflow_code, "dolphin_version": dolphin_version}
    waiting = Sync.objects.confirming(snapshot).select_related("workflow", "snapshot").first()
    if waiting is None and snapshot.status != Status.PUBLISHED:
        raise NotADraft(snapshot=snapshot.pk, status=snapshot.status)
    if waiting is not None and snapshot.status == Status.UNCONFIRMED:
        sync = _reopen(snapshot, waiting, asked, actor)
    elif waiting is not None and waiting.waits_for_platform:
        sync = _ask(waiting, asked, actor)
    elif waiting is not None and not waiting.is_finished and "confirm" not in waiting.options:
        raise StateConflict  # the deadline's worker has it: this word would be answered, and never heard
    else:
        return Accepted(workflow=workflow, sync=waiting, snapshot=snapshot, replayed=True)
    return Accepted(workflow=workflow, sync=sync, snapshot=snapshot)


def _check_code(workflow: Workflow, code: int) -> None:
    if workflow.workflow_code not in (None, code):
        raise InvalidRequest("The workflow is bound to another DolphinScheduler code.", field="workflow_code")
    taken = Workflow.objects.filter(workflow_code=code).exclude(pk=workflow.pk).first()
    if taken is not None:
        raise AlreadyBound(key=taken.key if taken.project_id == workflow.project_id else "")


def _ask(sync: Sync, asked: dict[str, int | None], actor: Actor) -> Sync:
    _check_mode(sync.workflow)
    with transaction.atomic():
        sync.options = {**sync.options, "confirm": asked}
        moved = Sync.objects.waiting_for_platform().filter(pk=sync.pk)
        if moved.update(state=SyncState.QUEUED, due_at=None, options=sync.options) != 1:
            raise StateConflict
        sync.state, sync.due_at = SyncState.QUEUED, None
        _accepted(sync, actor)
    return sync


def _reopen(snapshot: Snapshot, former: Sync, asked: dict[str, int | None], actor: Actor) -> Sync:
    """The deadline freed the workflow; take it again and let the proof decide."""
    _check_mode(snapshot.workflow)
    with transaction.atomic():
        state = WorkflowState.objects.select_for_update().select_related("published").get(workflow=snapshot.workflow)
        if state.published is not None and state.published.version > snapshot.version:
            raise Superseded(version=state.published.version)
        reopened = Snapshot.objects.filter(pk=snapshot.pk, status=Status.UNCONFIRMED)
        if reopened.update(status=Status.DRAFT, error_code="", error_text="", live_effect="") != 1:
            raise StateConflict
        sync = Sync.objects.create(
            workflow=snapshot.workflow,
            snapshot=snapshot,
            kind=SyncKind.CONFIRM,
            options={**former.options, "confirm": asked},
            actor=user_of(actor),
            actor_name=str(actor),
            request_id=current().request_id,
        )
        locks.take(sync)
        snapshot.refresh_from_db(fields=["status", "error_code", "error_text", "live_effect"])
        _accepted(sync, actor)
    return sync


def _check_mode(workflow: Workflow) -> None:
    if workflow.project.mode == Mode.OFF:
        raise ProjectOff(project=workflow.project.scope)


def _accepted(sync: Sync, actor: Actor) -> None:
    record(
        EVENT,
        actor=actor,
        target=sync.snapshot or sync.workflow,
        scope=sync.workflow.project.scope,
        detail={"sync": sync.pk, **sync.options["confirm"]},
    )
    dispatch.on_commit(sync)
