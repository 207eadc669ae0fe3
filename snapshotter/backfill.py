"""Back-fill: versions from before our time become snapshots, oldest first, as far as DolphinScheduler still shows them.

They are marked as recovered, carry DolphinScheduler's version number, and were never proven to be live: no live times, schedule
unknown, and the published pointer does not move. Numbers are the next ones; a version that is held already is not asked for again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.choices import Mode
from catalog.errors import InvalidRequest, ProjectOff
from catalog.models import Workflow
from catalog.permissions import PUBLISH, require
from dolphin.client import DolphinClient
from dolphin.recover import Lost, Past, Recovered
from snapshotter.aliases import aliases_of
from snapshotter.choices import Status, Trigger
from snapshotter.errors import WorkflowLocked
from snapshotter.make_snapshot import Origin, make_snapshot
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.pieces import stored
from snapshotter.summarise import summarise


class Outcome(StrEnum):
    """Of one version of DolphinScheduler's."""

    RECOVERED = "recovered"
    HELD = "held"  # a snapshot has it already
    LIVE = "live"  # what DolphinScheduler shows now: for the baseline
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one version; `because` of a lost one is a code of `dolphin.recover`."""

    version: int
    outcome: Outcome
    because: str = ""
    snapshot: Snapshot | None = None


def backfill(client: DolphinClient, workflow: Workflow, *, actor: Actor) -> Iterator[Told]:
    """Recover what can be, yielding after each version; stop at any point and begin again.

    Raises NotAllowed, ProjectOff, InvalidRequest (not in DolphinScheduler), WorkflowLocked, DolphinError.
    """
    require(actor, PUBLISH, workflow.project, event="backfill.refused")
    if workflow.project.mode == Mode.OFF:
        raise ProjectOff(project=workflow.project.scope)
    code = workflow.workflow_code
    if code is None:
        raise InvalidRequest("The workflow is not in DolphinScheduler.", field="workflow")
    project = workflow.project.code
    rows = sorted(client.versions(project, code), key=lambda row: int(row["version"]))
    live = _live_version(client, project, code)
    held = held_versions(workflow)
    past: Past | None = None
    for row in rows:
        version = int(row["version"])
        if version in held or version == live:
            yield Told(version, Outcome.HELD if version in held else Outcome.LIVE)
            continue
        past = past or Past(client, project, code, aliases_of(workflow))
        match past.recover(row):
            case Lost(because=because):
                yield Told(version, Outcome.LOST, because)
            case Recovered() as found:
                snapshot, created = _keep(workflow, found, actor)
                yield Told(version, Outcome.RECOVERED if created else Outcome.HELD, snapshot=snapshot)


def held_versions(workflow: Workflow, *, among: set[int] | None = None) -> set[int]:
    """Return the DolphinScheduler versions of the workflow's present code that snapshots hold, of these or of all.

    A page asks for those it has to say something of: a workflow may have ten thousand.
    """
    mine = Snapshot.objects.for_workflow(workflow).published().filter(workflow_code=workflow.workflow_code)
    if among is not None:
        mine = mine.filter(dolphin_version__in=among)
    return {number for number in mine.order_by().values_list("dolphin_version", flat=True) if number is not None}


def _live_version(client: DolphinClient, project: int, code: int) -> int | None:
    raw = client.definition(project, code) or {}
    definition = raw.get("workflowDefinition") or raw.get("processDefinition") or {}
    version: int | None = definition.get("version")
    return version


def _keep(workflow: Workflow, found: Recovered, actor: Actor) -> tuple[Snapshot, bool]:
    """Store one version, once. The workflow's row is held meanwhile, so that no publish takes the same number."""
    with transaction.atomic():
        state = WorkflowState.objects.select_for_update().get(workflow=workflow)
        if state.lock_id is not None:
            raise WorkflowLocked(workflow=workflow.key, sync=state.lock_id)
        mine = Snapshot.objects.for_workflow(workflow).filter(workflow_code=workflow.workflow_code)
        same = mine.published().filter(dolphin_version=found.version, content_hash=found.canonical.content_hash)
        if (snapshot := same.first()) is not None:
            return snapshot, False
        older = mine.published().filter(dolphin_version__lt=found.version).order_by("-dolphin_version", "-version")
        base = older.first()
        snapshot = make_snapshot(
            workflow=workflow,
            pieces=stored(found.canonical, None),
            status=Status.PUBLISHED,
            origin=Origin(trigger=Trigger.BACKFILL, trigger_ref=f"run {found.run_id}", message=_message(found)),
            actor=actor,
            dolphin_version=found.version,
            proven=False,
            change_summary=summarise(base, found.canonical.document, knows_schedule=False),
        )
        record(
            "snapshot.backfilled",
            actor=actor,
            target=snapshot,
            scope=workflow.project.scope,
            detail={"dolphin_version": found.version, "run": found.run_id},
        )
    return snapshot, True


def _message(found: Recovered) -> str:
    who = f" by user {found.operator}" if found.operator is not None else ""
    return f"DolphinScheduler version {found.version}, saved there {found.saved_at}{who}"
