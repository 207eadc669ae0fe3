"""Check: look at one workflow now, whole, and note how it compares with what was published."""

from dataclasses import dataclass
from datetime import datetime

from audit.actors import Actor
from catalog.choices import Mode
from catalog.clients import client_for
from catalog.errors import ProjectOff
from catalog.models import Workflow
from catalog.permissions import VIEW, require
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from dolphin.observe import observe
from drift.glance import Glance, glance, states
from drift.inspection.gone import Elsewhere
from drift.judge import Judgement
from drift.likely import UNKNOWN, Likely, likely
from drift.look import judged, look, names_of
from drift.models import DriftItem
from drift.note import Became, note
from drift.seen import Seen
from snapshotter import locks
from snapshotter.aliases import aliases_of
from snapshotter.choices import LiveState
from snapshotter.errors import StateConflict
from snapshotter.models import WorkflowState
from snapshotter.readers import reading

_READINGS = 3  # of a workflow that somebody else checks or changes meanwhile


@dataclass(frozen=True, slots=True)
class Checked:
    """`item`: the one that stands now, None where nothing differs."""

    judgement: Judgement
    checked_at: datetime
    item: DriftItem | None


def check(workflow: Workflow, *, actor: Actor) -> Checked:
    """Look now. Nothing in DolphinScheduler is changed; it waits for a reader's place.

    Raises NotFound where the actor may not view the project, ProjectOff, WorkflowLocked (names who holds it), StateConflict, LiveBusy,
    InstancePaused, TokenUnreadable, DolphinError where DolphinScheduler does not answer at all.
    """
    project = workflow.project
    require(actor, VIEW, project, event="drift.check_refused")
    if project.mode == Mode.OFF:
        raise ProjectOff(project=project.scope)
    for _ in range(_READINGS):
        state = states().select_related("published", "workflow", "lock").get(workflow=workflow)
        locks.refuse_held(state)
        since = glance(state)
        judgement, told = _look(workflow, state, since)
        noted = note(workflow, judgement, since=since, likely=told)
        if noted.became != Became.LEFT_OUT:
            stands = noted.item is not None and noted.item.is_standing
            return Checked(judgement, since.at, noted.item if stands else None)
    raise StateConflict


def _look(workflow: Workflow, state: WorkflowState, since: Glance) -> tuple[Judgement, Likely]:
    code = workflow.workflow_code
    if state.published is None or code is None:
        return Judgement(live_state=LiveState.NOT_COVERED), UNKNOWN
    with reading(workflow.project.instance_id), client_for(workflow.project.instance) as client:
        seen = look(
            workflow,
            lambda: observe(client, workflow.project.code, code, aliases_of(workflow)),
            elsewhere=Elsewhere(client, workflow.project.instance_id),
            names=lambda: names_of(client, workflow),
        )
        judgement = judged(workflow, state, seen)
        return judgement, _likely(client, workflow, seen, judgement, since)


def _likely(client: DolphinClient, workflow: Workflow, seen: Seen, judgement: Judgement, since: Glance) -> Likely:
    """One more call, where something differs: only the list names who saved last."""
    if not judgement.is_drift or seen.live is None or seen.live.canonical is None or seen.code is None:
        return UNKNOWN
    try:
        row = client.page_row(workflow.project.code, seen.code, seen.live.canonical.document.name)
    except DolphinRejected:  # the list breaks on one doubled schedule anywhere in the project
        row = None
    return likely(judgement, row, seen.live.schedule_row, earliest=since.checked_at, latest=since.at)
