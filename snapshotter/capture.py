"""Capture: take a snapshot of what DolphinScheduler holds. The request names the workflow; the worker fetches it. DS is never written."""

from typing import Any

from django.db import IntegrityError, transaction

from audit.actors import Actor
from audit.record import record
from catalog.choices import Mode
from catalog.errors import ProjectOff
from catalog.keys import check_key, make_key
from catalog.models import Project, Workflow
from catalog.permissions import PUBLISH, require
from catalog.temporary import refuse_temporary
from snapshotter.accepting import accept
from snapshotter.choices import SyncKind
from snapshotter.errors import AlreadyBound, NameGoverned, StateConflict
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync, WorkflowState
from snapshotter.start import start

EVENT = "capture.accepted"


def capture(workflow: Workflow, *, origin: Origin, actor: Actor) -> Sync:
    """Queue a capture of a governed workflow and return its sync. Raises WorkflowLocked, ProjectOff, NotAllowed."""
    require(actor, PUBLISH, workflow.project, event="capture.refused")
    if workflow.project.mode == Mode.OFF:
        raise ProjectOff(project=workflow.project.scope)
    return accept(lambda: accept_capture(workflow, origin=origin, actor=actor))


def govern(project: Project, *, workflow_code: int, name: str, actor: Actor, key: str = "") -> Workflow:
    """Take a DolphinScheduler workflow under governance, or return the row that already stands for its code.

    Raises AlreadyBound, NameGoverned (unless a key is given), TemporaryWorkflow, StateConflict, NotAllowed.
    """
    require(actor, PUBLISH, project, event="govern.refused")
    found: Workflow | None = Workflow.objects.filter(workflow_code=workflow_code).select_related("project").first()
    if found is not None:
        if found.project_id != project.pk or key not in ("", found.key):
            raise AlreadyBound(key=found.key if found.project_id == project.pk else "")
        return found
    refuse_temporary(project, name)
    if not key:
        _refuse_a_second(project, name)
    try:
        with transaction.atomic():
            workflow = Workflow.objects.create(
                key=check_key(key) if key else make_key(project, name, workflow_code),
                project=project,
                workflow_code=workflow_code,
                name=name,
            )
            WorkflowState.objects.create(workflow=workflow)
            record("workflow.governed", actor=actor, target=workflow, scope=project.scope)
    except IntegrityError:
        raise StateConflict from None  # somebody else took the key, or the workflow, at the same moment
    return workflow


def _refuse_a_second(project: Project, name: str) -> None:
    """DolphinScheduler has no two workflows of one name: the one we know was deleted or renamed, and a second key would cut its history."""
    other = Workflow.objects.filter(project=project, name=name).exclude(workflow_code=None).first()
    if other is not None:
        raise NameGoverned(key=other.key)


def accept_capture(
    workflow: Workflow, *, origin: Origin, actor: Actor, bound: dict[str, Any] | None = None, **claim: Any
) -> Sync:
    """Create the sync and take the lock, for a worker to be woken, or `claim`ed at once by who has read live already.

    `bound`: what live must still be (`snapshotter/bound.py`), None for whatever it is by then. Call inside a transaction, after the
    permission check.
    """
    sync = start(
        workflow,
        kind=SyncKind.CAPTURE,
        actor=actor,
        options={
            "trigger": origin.trigger,
            "trigger_ref": origin.trigger_ref,
            "message": origin.message,
            "published_by": origin.published_by,
            "publish_task_ids": list(origin.publish_task_ids),
            "task_metadata": origin.task_metadata or {},
            **({"bound": bound} if bound is not None else {}),
        },
        **claim,
    )
    record(
        EVENT,
        actor=actor,
        target=workflow,
        scope=workflow.project.scope,
        reason=origin.message,
        detail={"sync": sync.pk},
    )
    return sync
