"""Rebind: let a key stand for another workflow in DolphinScheduler, because somebody made it anew by hand, or moved it to another project.

By DolphinScheduler's code only; by name never without a person who has looked. What it holds is captured right after.
"""

from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction

from audit.actors import Actor
from audit.record import record
from catalog.choices import Mode
from catalog.clients import client_for
from catalog.errors import InvalidRequest, ProjectOff
from catalog.models import Project, Workflow
from catalog.permissions import require
from definitions.secrets import mask_text
from snapshotter.aliases import bind_anew
from snapshotter.capture import accept_capture
from snapshotter.choices import Trigger
from snapshotter.errors import AlreadyBound, NotRebindable, StateConflict
from snapshotter.lost.candidates import Candidate, find
from snapshotter.lost.restore import EXECUTE
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync, WorkflowState

REFUSED: Final = "rebind.refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebinding:
    """What a person has looked at: the workflow's code, DolphinScheduler's version of it, the project where it was moved."""

    code: int
    dolphin_version: int | None = None
    project: Project | None = None


def rebind(workflow: Workflow, asked: Rebinding, *, actor: Actor, reason: str) -> Sync:
    """Bind, and return the capture that follows. DolphinScheduler is read before anything is kept.

    Raises NotAllowed, InvalidRequest, NotRebindable, AlreadyBound, StateConflict (it was saved again meanwhile), WorkflowLocked,
    ProjectOff, DolphinError.
    """
    target = asked.project or workflow.project
    for project in (workflow.project, target):
        require(actor, EXECUTE, project, event=REFUSED)
        if project.mode == Mode.OFF:
            raise ProjectOff(project=project.scope)
    if not reason.strip():
        raise InvalidRequest("Rebinding needs a reason.", field="reason")
    reason = mask_text(reason)  # it is sealed, logged and shown as it stands
    found = _look(workflow, asked, target)
    try:
        with transaction.atomic():
            return _bind(workflow, asked, target, found, actor, reason)
    except IntegrityError:
        raise AlreadyBound from None


def _look(workflow: Workflow, asked: Rebinding, target: Project) -> Candidate | None:
    """Return what the key is to stand for; None where it is the same workflow, moved."""
    with client_for(workflow.project.instance) as client:
        found = find(client, workflow, code=asked.code)
    if found.place is not None:
        _check_moved(workflow, asked, target, found.place)
        return None
    if target.pk != workflow.project_id:
        raise NotRebindable("The workflow is not in that project.")
    if not found.candidates:
        taken = Workflow.objects.filter(workflow_code=asked.code).first()
        if taken is not None:
            raise AlreadyBound(key=taken.key if taken.project_id == workflow.project_id else "")
        raise NotRebindable("The project has no readable workflow of this code.")
    (candidate,) = found.candidates
    if asked.dolphin_version not in (None, candidate.dolphin_version):
        raise StateConflict
    return candidate


def _check_moved(workflow: Workflow, asked: Rebinding, target: Project, place: Project) -> None:
    if place.pk == workflow.project_id:
        raise NotRebindable("DolphinScheduler has the workflow under its own code: there is nothing to rebind.")
    if (target.pk, asked.code) != (place.pk, workflow.workflow_code):
        raise NotRebindable(
            "DolphinScheduler has the workflow in another project: rebind it with its own code to that one."
        )


def _bind(
    workflow: Workflow, asked: Rebinding, target: Project, found: Candidate | None, actor: Actor, reason: str
) -> Sync:
    WorkflowState.objects.select_for_update().get(workflow=workflow)
    former = {"code": workflow.workflow_code, "project": workflow.project.code}
    if found is not None:
        bind_anew(workflow, asked.code, found.pairs)
    else:
        moved = Workflow.objects.filter(pk=workflow.pk, project=workflow.project_id, workflow_code=asked.code)
        if moved.update(project=target) != 1:
            raise StateConflict
    workflow = Workflow.objects.select_related("project__instance").get(pk=workflow.pk)
    sync = accept_capture(workflow, origin=Origin(trigger=Trigger.CAPTURE, message=reason), actor=actor)
    now = {"code": workflow.workflow_code, "project": target.code}
    tasks = {"tasks_matched": len(found.pairs)} if found is not None else {}
    record(
        "workflow.rebound",
        actor=actor,
        target=workflow,
        scope=target.scope,
        reason=reason,
        detail={"sync": sync.pk, "before": former, "after": now, **tasks},
    )
    return sync
