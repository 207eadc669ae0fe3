"""Restore: make a workflow anew that was deleted in DolphinScheduler, as one of its versions had it.

Key and history stay; DolphinScheduler gives another code, and the tasks get fresh ones (`snapshotter/make_anew.py`). What others name by
the former codes is reported (`snapshotter/references_to.py`) and left alone.
"""

from dataclasses import replace
from typing import Any, Final

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest, NotFound
from catalog.models import Workflow
from catalog.permissions import OVERRIDE_FREEZE, PUBLISH, require
from definitions.canonical import Canonical, canonicalise
from snapshotter.builder import schedule_of
from snapshotter.choices import Online, ScheduleChoice, Status, SyncKind
from snapshotter.errors import NotRestorable
from snapshotter.gates import check_gates, refusals_recorded
from snapshotter.make_snapshot import Origin, make_snapshot
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.references_to import former_codes, references_to
from snapshotter.start import start
from snapshotter.store import document_of
from snapshotter.writing import require_writing

EXECUTE: Final = PUBLISH
_TOLD: Final = 50  # tasks that the sync's result names; the restore page has all


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

    Release states that are kept are those we left; a schedule that is kept is the published version's. The name stays the published one.
    Raises NotAllowed, InvalidRequest, NotFound, NotRestorable, WorkflowLocked, Frozen, Quarantined, ProjectOff and the like.
    """
    project = workflow.project
    require(actor, EXECUTE, project, event="restore.refused")
    if override_freeze:
        require(actor, OVERRIDE_FREEZE, project, event="restore.refused")
    if not reason.strip():
        raise InvalidRequest("Restoring needs a reason.", field="reason")
    require_writing(project)
    _check(workflow, version, schedule)
    named_by = _named_by(workflow)
    with refusals_recorded("restore.refused", project, actor), transaction.atomic():
        state = WorkflowState.objects.select_for_update().select_related("published").get(workflow=workflow)
        canonical, schedule_json = _wanted(version, state, schedule)
        sync = start(
            workflow,
            kind=SyncKind.PUBLISH,
            actor=actor,
            online=online,
            schedule=schedule,
            options={
                "restore": workflow.workflow_code,
                "base": state.published_id,
                "override_freeze": override_freeze,
            },
        )
        sync.snapshot = make_snapshot(
            workflow=workflow,
            canonical=canonical,
            schedule_json=schedule_json,
            status=Status.DRAFT,
            origin=replace(origin, message=origin.message or reason),
            actor=actor,
            rollback_of=version,
        )
        sync.result = named_by
        sync.save(update_fields=["snapshot", "result"])
        check_gates(sync)
        record(
            "restore.accepted",
            actor=actor,
            target=sync.snapshot,
            scope=project.scope,
            reason=reason,
            detail={"sync": sync.pk, "version": version.version, "former_code": workflow.workflow_code},
        )
    return sync


def _check(workflow: Workflow, version: Snapshot, schedule: ScheduleChoice) -> None:
    if version.workflow_id != workflow.key:
        raise NotFound
    if workflow.workflow_code is None:
        raise NotRestorable("The workflow was never in DolphinScheduler: publish it.")
    if version.status != Status.PUBLISHED:
        raise NotRestorable(status=version.status)
    if schedule == ScheduleChoice.FROM_DEFINITION and version.schedule_id is None:
        raise InvalidRequest(
            "What schedule this version had is not known. Keep the published one, or none.", field="schedule"
        )


def _named_by(workflow: Workflow) -> dict[str, Any]:
    """Return for the sync's result who will name a code that is gone: tasks of the same project, and how many of others.

    Whoever sees the sync may see its project, and perhaps no other.
    """
    found = references_to(workflow, former_codes(workflow, is_gone=True)).found
    near = [one for one in found if one.workflow.project_id == workflow.project_id]
    told = [{"workflow": one.workflow.key, "task": one.task, "kind": one.kind} for one in near[:_TOLD]]
    return {"named_by": told, "named_by_more": len(found) - len(told)} if found else {}


def _wanted(version: Snapshot, state: WorkflowState, schedule: ScheduleChoice) -> tuple[Canonical, bytes | None]:
    """Return what is to be made, and its schedule: the version's own, else the one that was published last."""
    published = state.published
    if published is None:
        raise NotFound("This workflow has no published version.", key=version.workflow_id)
    canonical = canonicalise(replace(document_of(version), name=published.label))
    holder = version if schedule == ScheduleChoice.FROM_DEFINITION else published
    return canonical, schedule_of(holder)
