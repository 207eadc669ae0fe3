"""Restore: make a workflow anew that was deleted in DolphinScheduler, as one of its versions had it.

Key and history stay; DolphinScheduler gives another code, and the tasks get fresh ones (`make_anew.py`). What others name by the former
codes is reported (`references_to.py`) and left alone.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest, NotFound
from catalog.models import Workflow
from catalog.permissions import EXECUTE_ROLLBACK, OVERRIDE_FREEZE, require
from definitions.canonical import Canonical, canonicalise
from definitions.secrets import mask_text
from snapshotter.accepting import accept
from snapshotter.builder import schedule_of
from snapshotter.choices import WANTED, Online, ScheduleChoice, Status, SyncKind
from snapshotter.errors import NotRestorable, StateConflict
from snapshotter.gates.gates import check_gates, refusals_recorded
from snapshotter.guards import Guards
from snapshotter.lost.references_to import former_codes, references_to
from snapshotter.make_snapshot import Origin, make_snapshot
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.pieces import stored
from snapshotter.start import start
from snapshotter.store import document_of
from snapshotter.writing import require_writing

EXECUTE: Final = EXECUTE_ROLLBACK
REFUSED: Final = "restore.refused"
GUARDS: Final = Guards(REFUSED)
_TOLD: Final = 50  # tasks that the sync's result names; the restore page has all


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which version is made anew, and how. Release states that are kept are those we left; a schedule that is kept is the published one's.

    `schedule_state` counts where there is a schedule and it is not off. The name stays the published one unless `with_name`.
    """

    version: Snapshot
    origin: Origin
    online: Online = Online.KEEP
    schedule: ScheduleChoice = ScheduleChoice.KEEP
    schedule_state: Online = Online.KEEP
    with_name: bool = False
    override_freeze: str = ""


def restore(
    workflow: Workflow,
    *,
    version: Snapshot,
    actor: Actor,
    reason: str,
    origin: Origin,
    online: Online = Online.KEEP,
    schedule: ScheduleChoice = ScheduleChoice.KEEP,
    override_freeze: str = "",
) -> Sync:
    """Accept the restore of a version as a new version, and return its sync. DolphinScheduler is asked by the worker, never believed gone.

    Raises NotAllowed, InvalidRequest, NotFound, NotRestorable, WorkflowLocked, Frozen, Quarantined, ProjectOff and the like, and what
    the guards have against it, such as a missing approval.
    """
    project = workflow.project
    require(actor, EXECUTE, project, event=REFUSED)
    if override_freeze:
        require(actor, OVERRIDE_FREEZE, project, event=REFUSED)
    if not reason.strip():
        raise InvalidRequest("Restoring needs a reason.", field="reason")
    reason = mask_text(reason)  # it is sealed, logged and shown as it stands
    require_writing(project)
    GUARDS.ask(workflow, version, actor)
    order = Order(
        version=version,
        origin=replace(origin, message=origin.message or reason),
        online=online,
        schedule=schedule,
        override_freeze=override_freeze,
    )
    with refusals_recorded(REFUSED, project, actor):
        return accept(lambda: accept_restore(workflow, order, actor=actor, reason=reason))


def accept_restore(workflow: Workflow, order: Order, *, actor: Actor, reason: str) -> Sync:
    """Make the draft, take the lock and queue the sync. Call inside a transaction, the right asked for.

    Raises NotFound, InvalidRequest, NotRestorable, StateConflict, WorkflowLocked, Frozen, Quarantined.
    """
    _check(workflow, order)
    named_by = _named_by(workflow)
    state = WorkflowState.objects.select_for_update().select_related("published").get(workflow=workflow)
    if not Workflow.objects.filter(pk=workflow.pk, workflow_code=workflow.workflow_code).exists():
        raise StateConflict  # bound anew since it was read: what the worker would write over is another one
    canonical, schedule_json = _wanted(order, state)
    sync = start(
        workflow,
        kind=SyncKind.PUBLISH,
        actor=actor,
        online=order.online,
        schedule=order.schedule,
        options={
            "restore": workflow.workflow_code,
            "base": state.published_id,
            "schedule_online": WANTED[order.schedule_state],
            "override_freeze": mask_text(order.override_freeze),
        },
        result=named_by,
    )
    sync.snapshot = make_snapshot(
        workflow=workflow,
        pieces=stored(canonical, schedule_json),
        status=Status.DRAFT,
        origin=order.origin,
        actor=actor,
        rollback_of=order.version,
    )
    sync.save(update_fields=["snapshot"])
    check_gates(sync)
    record(
        "restore.accepted",
        actor=actor,
        target=sync.snapshot,
        scope=workflow.project.scope,
        reason=reason,
        detail={"sync": sync.pk, "version": order.version.version, "former_code": workflow.workflow_code},
    )
    return sync


def _check(workflow: Workflow, order: Order) -> None:
    version = order.version
    if version.workflow_id != workflow.key:
        raise NotFound
    if workflow.workflow_code is None:
        raise NotRestorable("The workflow was never in DolphinScheduler: publish it.")
    require_restorable(version)
    if order.schedule == ScheduleChoice.FROM_DEFINITION and version.schedule_id is None:
        raise InvalidRequest(
            "What schedule this version had is not known. Keep the published one, or none.", field="schedule"
        )


def require_restorable(version: Snapshot) -> None:
    """Raise NotRestorable where the version was never published."""
    if version.status != Status.PUBLISHED:
        raise NotRestorable(status=version.status)


def _named_by(workflow: Workflow) -> dict[str, Any]:
    """Return for the sync's result who will name a code that is gone: tasks of the same project, and how many of others.

    Whoever sees the sync may see its project, and perhaps no other.
    """
    found = references_to(workflow, former_codes(workflow, is_gone=True)).found
    near = [one for one in found if one.workflow.project_id == workflow.project_id]
    told = [{"workflow": one.workflow.key, "task": one.task, "kind": one.kind} for one in near[:_TOLD]]
    return {"named_by": told, "named_by_more": len(found) - len(told)} if found else {}


def _wanted(order: Order, state: WorkflowState) -> tuple[Canonical, bytes | None]:
    """Return what is to be made, and its schedule: the version's own, else the one that was published last."""
    version, published = order.version, state.published
    if published is None:
        raise NotFound("This workflow has no published version.", key=version.workflow_id)
    name = version.label if order.with_name else published.label
    holder = version if order.schedule == ScheduleChoice.FROM_DEFINITION else published
    return canonicalise(replace(document_of(version), name=name)), schedule_of(holder)
