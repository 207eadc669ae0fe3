"""What a request, and every approval of it, is bound to: both sides and all choices. Anything that moves makes it void."""

import hashlib
from typing import Any, Final

from catalog.models import Workflow
from definitions.strict_json import dumps
from dolphin.observe import Observation
from rollback.choices_of import Choices
from snapshotter.choices import ScheduleChoice
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.republish import schedule_after, states_now
from snapshotter.states_after import States, states_after
from snapshotter.store import NO_SCHEDULE
from versions.live import Live

Json = dict[str, Any]
ABSENT: Final = ""


def bind(workflow: Workflow, target: Snapshot, *, state: WorkflowState, live: Observation, choices: Choices) -> Json:
    """Return what is agreed to, as JSON: kept with the request and hashed by `hash_of`."""
    restores_schedule = choices.schedule == ScheduleChoice.FROM_DEFINITION
    return {
        "workflow": workflow.key,
        "workflow_code": workflow.workflow_code,
        "target": {
            "version": target.version,
            "content_hash": target.content_hash,
            "label_hash": target.label_hash if choices.with_name else "",
            "layout_hash": target.layout_hash if choices.with_layout else "",
            "schedule_hash": target.schedule_hash if restores_schedule else "",
        },
        "published": state.published.version if state.published else 0,
        "live": live_side(live),
        "after": after_side(target, state=state, live=live, choices=choices),
        "choices": choices.as_json(),
    }


def live_side(live: Observation) -> Json:
    """Return what stands for live: states, and hashes of content with name and layout, and of the schedule. None: corrupt; "": gone."""
    states = states_now(live)
    shown = {"online": states.online, "schedule_online": states.schedule}
    if live.state.code is None:
        return {"fingerprint": ABSENT, "schedule_hash": ABSENT, **shown}
    if live.problems or live.canonical is None:
        return {"fingerprint": None, "schedule_hash": None, **shown}
    return {"fingerprint": live.canonical.fingerprint, "schedule_hash": live.canonical.schedule_hash, **shown}


def shown_side(live: Live) -> Json:
    """Return the same of what a reader is shown."""
    return {
        "fingerprint": live.canonical.fingerprint,
        "schedule_hash": live.canonical.schedule_hash,
        "online": live.online,
        "schedule_online": bool(live.schedule_online),
    }


def after_side(target: Snapshot, *, state: WorkflowState, live: Observation, choices: Choices) -> Json:
    """Return what `keep` stands for now: what was expected then may not be what is expected when it is executed."""
    found = after(target, state=state, live=live, choices=choices)
    return {"online": found.online, "schedule_online": found.schedule}


def after(target: Snapshot, *, state: WorkflowState, live: Observation, choices: Choices) -> States:
    """Return the release states that the rollback would leave."""
    own = target.schedule_hash or NO_SCHEDULE
    return states_after(
        states_now(live),
        (state.expected_online, state.expected_schedule_online),
        online=choices.online,
        schedule=choices.schedule,
        schedule_state=choices.schedule_state,
        has_schedule=schedule_after(own, live, state.published, choices.schedule) != NO_SCHEDULE,
    )


def hash_of(bound: Json) -> str:
    return hashlib.sha256(dumps(bound)).hexdigest()
