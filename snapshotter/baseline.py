"""Baseline: the capture of a workflow that was read together with many others. One transaction holds all of it.

The caller reads DolphinScheduler between `glance` and `keep`: nothing is locked meanwhile, so `keep` refuses a reading that a change of
ours has overtaken. A workflow whose published version equals what was read leaves no row at all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from catalog.choices import Mode
from catalog.errors import ProjectOff
from catalog.models import Project, Workflow
from catalog.permissions import PUBLISH, require
from dolphin.observe import Observation
from snapshotter.capture import accept_capture, govern
from snapshotter.capturing import take
from snapshotter.choices import Direction, SyncState, Trigger
from snapshotter.errors import StateConflict, WorkflowLocked
from snapshotter.failures import SyncFailed
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync, SyncStep, WorkflowState


@dataclass(frozen=True, slots=True)
class Glance:
    """What stood before DolphinScheduler was read: the newest sync, and when."""

    sync_id: int | None
    at: datetime


def glance(workflow_code: int) -> Glance:
    """Look before reading. Raises WorkflowLocked while a change of the workflow runs."""
    state = WorkflowState.objects.filter(workflow__workflow_code=workflow_code).select_related("workflow").first()
    if state is not None and state.lock_id is not None:
        raise WorkflowLocked(workflow=state.workflow.key, sync=state.lock_id)
    return Glance(_newest_sync(workflow_code), timezone.now())


def keep(
    project: Project,
    *,
    workflow_code: int,
    name: str,
    live: Observation,
    since: Glance,
    actor: Actor,
    message: str = "",
) -> tuple[Snapshot, bool]:
    """Make what was read the published version; return (version, whether it is new).

    Raises NotAllowed, ProjectOff, AlreadyBound, WorkflowLocked, StateConflict (overtaken: read again), SyncFailed (nothing comparable).
    """
    require(actor, PUBLISH, project, event="baseline.refused")
    if project.mode == Mode.OFF:
        raise ProjectOff(project=project.scope)
    workflow = govern(project, workflow_code=workflow_code, name=name, actor=actor)
    with transaction.atomic():
        published = _locked(workflow, since).published
        if published is not None and published.holds(live.canonical):
            return published, False
        sync = _capture(workflow, live, since, actor, message)
    if sync.snapshot is None:  # a capture that ended well has one
        raise SyncFailed("corrupt", "nothing was captured")
    return sync.snapshot, True


def _locked(workflow: Workflow, since: Glance) -> WorkflowState:
    """Hold the workflow's row for this transaction; refuse where a change of ours began after the glance."""
    state = WorkflowState.objects.select_for_update().get(workflow=workflow)
    if state.lock_id is not None:
        raise WorkflowLocked(workflow=workflow.key, sync=state.lock_id)
    if workflow.workflow_code is None or _newest_sync(workflow.workflow_code) != since.sync_id:
        raise StateConflict
    return state


def _capture(workflow: Workflow, live: Observation, since: Glance, actor: Actor, message: str) -> Sync:
    origin = Origin(trigger=Trigger.BASELINE, message=message)
    claim: dict[str, Any] = {"state": SyncState.RUNNING, "attempt": 1, "started_at": since.at}
    sync = accept_capture(workflow, origin=origin, actor=actor, **claim)
    SyncStep.objects.create(
        sync=sync,
        number=1,
        direction=Direction.FORWARD,
        action="read",
        is_write=False,
        sent_at=since.at,
        answered_at=timezone.now(),
        outcome="ok",
        dolphin_code=0,
    )
    take(sync, live)
    sync.refresh_from_db()
    return sync


def _newest_sync(workflow_code: int) -> int | None:
    newest: int | None = (
        Sync.objects.filter(workflow__workflow_code=workflow_code).order_by("-pk").values_list("pk", flat=True).first()
    )
    return newest
