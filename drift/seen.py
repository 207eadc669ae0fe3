"""What was seen of a workflow in DolphinScheduler, and both sides of a finding as evidence: hashes, states and numbers, no content."""

from dataclasses import dataclass
from typing import Any

from dolphin.observe import Observation
from snapshotter.models import Snapshot, WorkflowState

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen, and where: `code` and `project` as DolphinScheduler numbers them.

    `live` None: it could not be looked at, and `problem` is (code, text). Of one that is gone: `moved_to` is the code of the governed
    project that has it now, `recreated_as` the code of the workflow that has its name.
    """

    code: int | None
    project: int
    live: Observation | None
    problem: tuple[str, str] = ("", "")
    moved_to: int | None = None
    recreated_as: int | None = None


def published_side(state: WorkflowState, published: Snapshot) -> Json:
    return {
        "version": published.version,
        "dolphin_version": state.left_version(published),
        "content_hash": published.content_hash,
        "label_hash": published.label_hash,
        "layout_hash": published.layout_hash,
        "schedule_hash": published.schedule_hash,
        "online": state.expected_online,
        "schedule_online": state.expected_schedule_online,
    }


def live_side(seen: Seen, live: Observation) -> Json:
    place = {"code": seen.code, "project": seen.project}
    if live.state.code is None:
        return {**place, "moved_to": seen.moved_to, "recreated_as": seen.recreated_as}
    schedule, shown = live.state.schedule, live.canonical
    hashes = ("content_hash", "label_hash", "layout_hash", "schedule_hash") if shown is not None else ()
    return {
        **place,
        "dolphin_version": live.state.version,
        "online": live.state.online,
        "schedule_online": schedule.online if schedule else None,
        **{name: getattr(shown, name) for name in hashes},
    }
