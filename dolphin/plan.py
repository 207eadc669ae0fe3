"""The planner: from what DolphinScheduler shows now, what it was and what it should be, the one next call.

Enters: three states. Leaves: one step, done, or why not. Pure: it never sees a client, so every case can be tried as a table. A step is
planned only from a state that was read after the step before it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    CREATE = "create"
    WRITE = "write"
    CURE = "cure"
    TAKE_OFFLINE = "take_offline"
    PUT_ONLINE = "put_online"
    CREATE_SCHEDULE = "create_schedule"
    UPDATE_SCHEDULE = "update_schedule"
    DELETE_SCHEDULE = "delete_schedule"
    TAKE_SCHEDULE_OFFLINE = "take_schedule_offline"
    PUT_SCHEDULE_ONLINE = "put_schedule_online"


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """`fingerprint` is the hash of the schedule's content; `id` None where it is yet to be created."""

    id: int | None
    fingerprint: str
    online: bool


@dataclass(frozen=True, slots=True)
class State:
    """What DolphinScheduler shows, or is to show, of one workflow.

    `code` None: it is not there. `fingerprint` stands for content, name and layout. `corrupt`: task rows stand doubled; on `before` it says
    that somebody agreed to a cure, and `fingerprint` is then what the cure makes of it.
    """

    code: int | None
    version: int | None
    fingerprint: str | None
    online: bool
    schedule: ScheduleState | None
    corrupt: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    action: Action
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """Live is what it should be."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """No call is safe. `code` is stable: corrupt, missing_in_dolphin, live_changed."""

    code: str
    reason: str


def next_step(live: State, before: State, after: State) -> Step | Done | Stuck:
    """Return the next call on the way from `before` to `after`, judged by `live` alone.

    Never writes content over what is neither `before` nor `after`: that is somebody else's.
    """
    if live.corrupt:
        return _towards_a_cure(live, before)
    if live.code is None:
        if before.code is None:
            return Step(Action.CREATE, "the workflow does not exist yet")
        return Stuck("missing_in_dolphin", "the workflow was deleted in DolphinScheduler meanwhile")
    if live.fingerprint not in (before.fingerprint, after.fingerprint):
        return Stuck("live_changed", "the content is neither the former nor the new one")
    if not _schedule_is_known(live, before, after):
        return Stuck("live_changed", "the schedule is neither the former nor the new one")
    if live.fingerprint != after.fingerprint:
        return _towards_content(live)
    return _towards_schedule(live, after) or _towards_states(live, after)


def _towards_a_cure(live: State, before: State) -> Step | Stuck:
    if not before.corrupt:
        return Stuck("corrupt", "DolphinScheduler holds task rows twice; no update can succeed")
    return _offline_first(live) or Step(Action.CURE, "older versions of the doubled tasks make it writable again")


def _schedule_is_known(live: State, before: State, after: State) -> bool:
    return _fingerprint(live) in (_fingerprint(before), _fingerprint(after))


def _fingerprint(state: State) -> str | None:
    return state.schedule.fingerprint if state.schedule else None


def _towards_content(live: State) -> Step:
    return _offline_first(live) or Step(Action.WRITE, "the content is still the former one")


def _offline_first(live: State) -> Step | None:
    """An update needs OFFLINE. A schedule that is online over an offline workflow sleeps: it would wake with the next ONLINE."""
    if live.online:
        return Step(Action.TAKE_OFFLINE, "an update needs the workflow offline")
    if live.schedule and live.schedule.online:
        return Step(Action.TAKE_SCHEDULE_OFFLINE, "it sleeps, and would wake before the new state is proven")
    return None


def _towards_schedule(live: State, after: State) -> Step | None:
    """Content of the schedule: changed while it is offline, created while the workflow is online."""
    if _fingerprint(live) == _fingerprint(after):
        return None
    if live.schedule is None:
        if not live.online:
            return Step(Action.PUT_ONLINE, "a schedule can be created only on an online workflow")
        return Step(Action.CREATE_SCHEDULE, "there is no schedule yet")
    if live.schedule.online:
        return Step(Action.TAKE_SCHEDULE_OFFLINE, "a schedule can be changed only while it is offline")
    if after.schedule is None:
        return Step(Action.DELETE_SCHEDULE, "there is to be no schedule")
    return Step(Action.UPDATE_SCHEDULE, "the schedule is still the former one")


def _towards_states(live: State, after: State) -> Step | Done:
    """Release states last, the schedule's after the workflow's: DolphinScheduler refuses the other order."""
    wanted = after.online and after.schedule is not None and after.schedule.online
    shown = live.schedule is not None and live.schedule.online
    if shown and (not live.online or not wanted):
        return Step(Action.TAKE_SCHEDULE_OFFLINE, "it must not fire before the workflow is what it should be")
    if live.online != after.online:
        if after.online:
            return Step(Action.PUT_ONLINE, "the workflow is to be online")
        return Step(Action.TAKE_OFFLINE, "the workflow is to be offline")
    if wanted and not shown:
        return Step(Action.PUT_SCHEDULE_ONLINE, "the schedule is to be online")
    return Done()
