"""What a request, and every approval of it, is bound to: both sides and all choices. Anything that moves makes it void."""

import hashlib
from typing import Any, Final

from catalog.models import Workflow
from definitions.strict_json import dumps
from dolphin.observe import Observation
from rollback.choices_of import Choices
from snapshotter.choices import ScheduleChoice
from snapshotter.models import Snapshot

Json = dict[str, Any]
ABSENT: Final = ""


def bind(workflow: Workflow, target: Snapshot, *, base: Snapshot | None, live: Observation, choices: Choices) -> Json:
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
        "published": base.version if base else 0,
        "live": live_side(live),
        "choices": choices.as_json(),
    }


def live_side(live: Observation) -> dict[str, str | None]:
    """Return what stands for live: hashes of content with name and layout, and of the schedule. None: corrupt; "": gone."""
    if live.state.code is None:
        return {"fingerprint": ABSENT, "schedule_hash": ABSENT}
    if live.problems or live.canonical is None:
        return {"fingerprint": None, "schedule_hash": None}
    return {"fingerprint": live.canonical.fingerprint, "schedule_hash": live.canonical.schedule_hash}


def hash_of(bound: Json) -> str:
    return hashlib.sha256(dumps(bound)).hexdigest()
