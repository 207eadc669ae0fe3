"""Publish: accept a definition as a draft, lock the workflow, and hand the rest to a worker.

Nothing is written to DolphinScheduler here. When this returns, the draft is committed: the record exists before DS is touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from audit.actors import Actor
from audit.record import record
from catalog.choices import Mode
from catalog.deployment import mode_of
from catalog.errors import InvalidRequest, NotFound
from catalog.keys import check_key
from catalog.models import Project, Workflow
from catalog.permissions import OVERRIDE_FREEZE, PUBLISH, require
from catalog.temporary import refuse_temporary
from definitions.canonical import Canonical
from definitions.recode import NO_ALIASES
from definitions.secrets import mask_text
from snapshotter import idempotency
from snapshotter.accepting import accept
from snapshotter.aliases import aliases_of
from snapshotter.builder import build, schedule_of
from snapshotter.capture import accept_capture
from snapshotter.choices import Online, ScheduleChoice, Status, SyncKind
from snapshotter.errors import AlreadyBound, StaleBase, StateConflict
from snapshotter.gates.gates import check_gates, refusals_recorded
from snapshotter.make_snapshot import Origin, make_snapshot
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.pieces import stored
from snapshotter.start import start
from snapshotter.write_failures import write_failures_recorded
from snapshotter.writing import require_writing

EVENT = "publish.accepted"
LOOKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishRequest:
    """What a caller asks for. `definition` is DS's form, DagData or c1; `request_hash` sha256 of the whole request, for idempotency.

    `override_freeze`: why a freeze window does not count; "" where it does.
    """

    workflow_key: str
    definition: Mapping[str, Any]
    origin: Origin
    project: Project | None = None
    workflow_code: int | None = None
    label: str | None = None
    base: int | None = None
    force_reason: str = ""
    override_freeze: str = ""
    online: Online = Online.KEEP
    schedule: ScheduleChoice = ScheduleChoice.KEEP
    idempotency_key: str = ""
    request_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The answer: what was started. `duplicate`: nothing, the content is the published one; `replayed`: an earlier request's answer."""

    workflow: Workflow
    sync: Sync | None = None
    snapshot: Snapshot | None = None
    duplicate: bool = False
    replayed: bool = False
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class _Draft:
    """The definition ready to be stored, and the published snapshot it was built on. `schedule_json` None: only DS knows it."""

    canonical: Canonical
    schedule_json: bytes | None
    published: Snapshot | None
    mode: Mode


def publish(request: PublishRequest, *, actor: Actor) -> Accepted:
    """Accept a publish. Raises ServiceError and DefinitionError subclasses; then nothing has been written but the refusal."""
    for _ in range(LOOKS):
        try:
            return _publish(request, actor)
        except (IntegrityError, StateConflict):
            # Two requests with one key, two first publishes of one workflow, or a publish that ended just now: look again at what the
            # winner made, and be told of it.
            continue
    raise StateConflict


def _publish(request: PublishRequest, actor: Actor) -> Accepted:
    workflow, project = find_workflow(request, actor=actor, event="publish.refused")
    replay = idempotency.find(project, request.idempotency_key, request.request_hash)
    if replay is not None:
        return replayed(replay)
    mode = mode_of(project)
    if mode != Mode.RECORD:  # where a publish is a capture
        require_writing(project)
    draft = _build(request, mode, workflow, published_of(workflow))
    with (
        refusals_recorded("publish.refused", project, actor),
        write_failures_recorded(request.workflow_key, project, actor),
    ):
        return accept(lambda: _accept(request, actor, workflow or _create(request, project, draft), draft))


def find_workflow(request: PublishRequest, *, actor: Actor, event: str) -> tuple[Workflow | None, Project]:
    """Return the workflow a request names, None before its first version, and its project, once the actor may publish there.

    Raises NotFound, NotAllowed, InvalidRequest.
    """
    workflow = Workflow.objects.select_related("project__instance").filter(key=check_key(request.workflow_key)).first()
    if workflow is None:
        if request.project is None:
            raise NotFound(
                "No workflow has this key. Name its project to publish it for the first time.", key=request.workflow_key
            )
        _require(request, actor, request.project, event)
        return None, request.project
    _require(
        request, actor, workflow.project, event
    )  # first: what is wrong with the request would tell that the key exists
    if request.project is not None and request.project.pk != workflow.project_id:
        raise InvalidRequest("The workflow belongs to another project.", field="project")
    if request.workflow_code not in (None, workflow.workflow_code):
        raise InvalidRequest("The workflow is bound to another DolphinScheduler code.", field="workflow_code")
    return workflow, workflow.project


def _require(request: PublishRequest, actor: Actor, project: Project, event: str) -> None:
    require(actor, PUBLISH, project, event=event)
    if request.override_freeze:
        require(actor, OVERRIDE_FREEZE, project, event=event)


def published_of(workflow: Workflow | None) -> Snapshot | None:
    """Return the published snapshot, None where there is none yet."""
    if workflow is None:
        return None
    state = WorkflowState.objects.select_related("published").get(workflow=workflow)
    return state.published


def _build(request: PublishRequest, mode: Mode, workflow: Workflow | None, published: Snapshot | None) -> _Draft:
    canonical = built(request, workflow, published)
    return _Draft(canonical, _schedule(request, canonical, published), published, mode)


def built(request: PublishRequest, workflow: Workflow | None, published: Snapshot | None) -> Canonical:
    """Return a request's definition in canonical form. Raises the errors of `definitions`."""
    aliases = aliases_of(workflow) if workflow is not None else NO_ALIASES
    return build(request.definition, label=request.label, published=published, aliases=aliases)


def _schedule(request: PublishRequest, canonical: Canonical, published: Snapshot | None) -> bytes | None:
    """Return the schedule part of the new snapshot; None when only DS knows it."""
    if request.schedule == ScheduleChoice.FROM_DEFINITION:
        if canonical.document.schedule is None:
            raise InvalidRequest("schedule is from_definition, but the definition holds no schedule.", field="schedule")
        return canonical.schedule_json
    if request.force_reason or published is None:
        return None  # live may hold another one, and keep means to keep it
    return schedule_of(published)


def _create(request: PublishRequest, project: Project, draft: _Draft) -> Workflow:
    if draft.mode == Mode.RECORD and request.workflow_code is None:
        raise InvalidRequest("In record mode the first publish names its DolphinScheduler code.", field="workflow_code")
    return create_workflow(request, project, draft.canonical)


def create_workflow(request: PublishRequest, project: Project, canonical: Canonical) -> Workflow:
    """Take the key under governance with its first version, inside the accepting transaction. Raises AlreadyBound, TemporaryWorkflow."""
    refuse_temporary(project, canonical.document.name)
    if request.workflow_code is not None:
        taken = Workflow.objects.filter(workflow_code=request.workflow_code).first()
        if taken is not None:
            raise AlreadyBound(key=taken.key if taken.project_id == project.pk else "")
    workflow = Workflow.objects.create(
        key=check_key(request.workflow_key),
        project=project,
        workflow_code=request.workflow_code,
        name=canonical.document.name,
    )
    WorkflowState.objects.create(workflow=workflow)
    return workflow


def _accept(request: PublishRequest, actor: Actor, workflow: Workflow, draft: _Draft) -> Accepted:
    key = idempotency.claim(workflow.project, request.idempotency_key, request.request_hash)
    if draft.mode == Mode.RECORD:
        sync = accept_capture(workflow, origin=request.origin, actor=actor)
        accepted = Accepted(workflow=workflow, sync=sync, recorded=True)
    else:
        accepted = _accept_draft(request, actor, workflow, draft)
    idempotency.answer(key, sync=accepted.sync, snapshot=accepted.snapshot)
    return accepted


def _accept_draft(request: PublishRequest, actor: Actor, workflow: Workflow, draft: _Draft) -> Accepted:
    # The row lock makes the checks below and the lock one act; the loser waits for the winner's commit, then finds the holder.
    state = WorkflowState.objects.select_for_update().get(workflow=workflow)
    if state.published_id != (draft.published.pk if draft.published else None):
        raise StateConflict
    if draft.published is not None and _is_duplicate(request, draft, draft.published, state):
        record("publish.duplicate", actor=actor, target=draft.published, scope=workflow.project.scope)
        return Accepted(workflow=workflow, snapshot=draft.published, duplicate=True)
    check_base(request, draft.published)
    sync = start(
        workflow,
        kind=SyncKind.PUBLISH,
        actor=actor,
        online=request.online,
        schedule=request.schedule,
        force_reason=request.force_reason,
        options={
            "schedule_online": _wanted_schedule_state(request),
            "base": state.published_id,
            "override_freeze": mask_text(request.override_freeze),
        },
    )
    sync.snapshot = _make_draft(request, actor, workflow, draft)
    sync.save(update_fields=["snapshot"])
    check_gates(sync)
    return Accepted(workflow=workflow, sync=sync, snapshot=sync.snapshot)


def _wanted_schedule_state(request: PublishRequest) -> bool | None:
    """A schedule given with its release state asks for that state."""
    schedule = request.definition.get("schedule")
    if request.schedule != ScheduleChoice.FROM_DEFINITION or not isinstance(schedule, Mapping):
        return None
    return {"ONLINE": True, "OFFLINE": False}.get(str(schedule.get("releaseState")))


def _make_draft(request: PublishRequest, actor: Actor, workflow: Workflow, draft: _Draft) -> Snapshot:
    snapshot = make_snapshot(
        workflow=workflow,
        pieces=stored(draft.canonical, draft.schedule_json),
        status=Status.DRAFT,
        origin=request.origin,
        actor=actor,
    )
    record(
        EVENT,
        actor=actor,
        target=snapshot,
        scope=workflow.project.scope,
        reason=request.origin.message,
        detail={"content_hash": snapshot.content_hash, "forced_because": request.force_reason},
    )
    return snapshot


def check_base(request: PublishRequest, published: Snapshot | None) -> None:
    """Raise StaleBase where the caller started from another version than the published one, unless forced."""
    current_version = published.version if published else 0
    if request.base is not None and request.base != current_version and not request.force_reason:
        raise StaleBase(base=request.base, published=current_version)


def _is_duplicate(request: PublishRequest, draft: _Draft, published: Snapshot, state: WorkflowState) -> bool:
    """Equal in all four parts, and nothing else asked that is not so already."""
    if draft.canonical.fingerprint != published.fingerprint:
        return False
    if request.schedule == ScheduleChoice.FROM_DEFINITION and draft.schedule_json != schedule_of(published):
        return False
    if request.schedule == ScheduleChoice.OFF and state.expected_schedule_online:
        return False
    return request.online == Online.KEEP or (request.online == Online.ON) == bool(state.expected_online)


def replayed(key: idempotency.Found) -> Accepted:
    """Return the first request's answer again."""
    return Accepted(
        workflow=key.workflow, sync=key.sync, snapshot=key.snapshot, replayed=True, duplicate=key.sync is None
    )
