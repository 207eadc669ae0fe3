"""When a sync can't go on: end it, put it aside, restore the former state, or call a person.

Nothing is put back that is not known to be ours: content only over what our own write made, release states only where we changed them.
"""

from dataclasses import asdict, dataclass, replace

from django.db import transaction

from catalog.clients import pause
from dolphin.errors import DolphinError, DolphinUnauthorized
from dolphin.observe import Observation
from dolphin.plan import State
from snapshotter import finish
from snapshotter.choices import Direction, LiveEffect, Trigger
from snapshotter.errors import AlreadyBound
from snapshotter.failures import SyncFailed, from_dolphin
from snapshotter.journal import CONTENT_WRITES, has_written
from snapshotter.keep import keep, keep_evidence
from snapshotter.look import Look
from snapshotter.lost.make_anew import as_created
from snapshotter.models import Sync
from snapshotter.overtaken import FROM_BACKUP, is_overtaken
from snapshotter.settle import wait_to_retry
from snapshotter.target import Target, from_json, state_from_json, to_json

MAX_RETRIES = 5
_UNSTEADY = "DolphinScheduler shows one thing now and another the next moment."
ATTENTION_PAUSE = 300.0  # seconds between looks while a person is called and DolphinScheduler can't be asked


@dataclass(frozen=True, slots=True)
class Way:
    """The way back, resolved once: from what was live when we turned, to what is to be live again."""

    origin: State
    goal: Target
    effect: LiveEffect


def after_error(sync: Sync, error: DolphinError, *, look: Look, step: str) -> bool:
    """Judge a failed call; True: the worker goes on, restoring."""
    problem = from_dolphin(error, step=step)
    if isinstance(error, DolphinUnauthorized):
        pause(sync.workflow.project.instance, "DolphinScheduler refuses the token")
        no_way_in(sync, problem)
        return False
    if error.permanent:
        return turn_back(sync, look, problem)
    _put_aside(sync, problem)
    return False


def no_way_in(sync: Sync, problem: SyncFailed) -> None:
    """The token is refused or calls are paused: end where nothing was written, else call a person and look again now and then."""
    if has_written(sync):
        finish.need_attention(sync, problem, retry_in=ATTENTION_PAUSE)
    else:
        finish.fail_untouched(sync, problem)


def turn_back(sync: Sync, look: Look, problem: SyncFailed) -> bool:
    """End where nothing was written; else look, and restore what is ours. True: the worker goes on, restoring."""
    if not has_written(sync):
        finish.fail_untouched(sync, problem)
        return False
    try:
        live = look.twice()  # what is taken for somebody else's is left for good: one odd answer must not decide that
    except DolphinError as error:  # the next claim meets the same problem, and comes here again
        _put_aside(sync, from_dolphin(error, step=problem.step))
        return False
    except SyncFailed as found:
        if found.code == AlreadyBound.code:
            finish.fail_created(sync, found)
            return False
        # The name is somebody else's: what we wanted to create is not there.
        live = Observation.absent()
    if live is None:
        _put_aside(sync, SyncFailed("live_changed", _UNSTEADY, step=problem.step))
        return False
    if live.state.code is None:
        _gone(sync, problem)
        return False
    way = None
    if sync.direction == Direction.FORWARD and (look.journal.wrote_now or not _may_be_theirs(sync, live)):
        way = _way(sync, live, problem)
    if way is None:
        _call_a_person(sync, live, problem)
        return False
    sync.result = {**sync.result, "way_back": _to_json(way), "failed": problem.to_json()}
    finish.turn_to_restoring(sync, problem)
    return True


def way_back(sync: Sync) -> Way:
    """Return the way back that was resolved when this sync turned."""
    kept = sync.result["way_back"]
    return Way(state_from_json(kept["origin"]), from_json(kept["goal"]), LiveEffect(kept["effect"]))


def _to_json(way: Way) -> dict[str, object]:
    return {"origin": asdict(way.origin), "goal": to_json(way.goal), "effect": way.effect}


def _put_aside(sync: Sync, problem: SyncFailed) -> None:
    if sync.retries < MAX_RETRIES:
        wait_to_retry(sync, problem)
    else:
        no_way_in(sync, problem)


def _gone(sync: Sync, problem: SyncFailed) -> None:
    """There is nothing to restore: a create that never happened, or a workflow that somebody has deleted."""
    if sync.before is None or from_json(sync.before).state.code is None:
        finish.fail_untouched(sync, problem)
    else:
        finish.fail_missing(sync, problem)


def _may_be_theirs(sync: Sync, live: Observation) -> bool:
    """A worker that took over finds known content that was saved anew: what we did may have been ended and overtaken long ago."""
    if sync.before is None:
        return False
    before, after = from_json(sync.before).state, from_json(sync.after).state
    is_known = live.state.fingerprint in (before.fingerprint, after.fingerprint)
    return FROM_BACKUP in sync.result or (is_known and is_overtaken(sync, live.state, before))


def _way(sync: Sync, live: Observation, problem: SyncFailed) -> Way | None:
    if sync.before is None or live.problems:
        return None
    before, after = from_json(sync.before), from_json(sync.after)
    is_known = live.state.fingerprint in (before.state.fingerprint, after.state.fingerprint)
    # Unknown content is ours only where our own write of content has just made it: any other step leaves content alone.
    is_ours = is_known or (problem.code == "not_equal" and problem.step in CONTENT_WRITES)
    if before.state.code is None:
        half = as_created(sync, live.state.code, after)
        return _way_from_a_create(live) if is_ours or live.state.fingerprint == half else None
    if is_ours:
        return Way(live.state, _with_their_schedule(live, before, after), LiveEffect.RESTORED)
    if not has_written(sync, *CONTENT_WRITES):
        return Way(live.state, _their_content(live, before.state), LiveEffect.RESTORED)
    return None


def _way_from_a_create(live: Observation) -> Way:
    """What was created stays, offline: a delete could take somebody's runs along. The next publish goes on from it."""
    schedule = replace(live.state.schedule, online=False) if live.state.schedule else None
    goal = _as_it_is(live, replace(live.state, online=False, schedule=schedule))
    return Way(live.state, goal, LiveEffect.NEW_CONTENT_LIVE)


def _with_their_schedule(live: Observation, before: Target, after: Target) -> Target:
    """Return the former state, but with a schedule that is neither the former nor ours as it stands: somebody changed it meanwhile."""
    former, shown = before.state.schedule, live.state.schedule
    known = {end.state.schedule.fingerprint if end.state.schedule else None for end in (before, after)}
    if live.canonical is None or (shown.fingerprint if shown else None) in known:
        return before
    if shown is not None and former is not None:
        shown = replace(shown, online=former.online)
    return replace(before, state=replace(before.state, schedule=shown), schedule=live.canonical.document.schedule)


def _their_content(live: Observation, before: State) -> Target:
    """Somebody changed it just before we took it offline: theirs stays, and is online again as it was."""
    schedule = live.state.schedule
    if schedule is not None and before.schedule is not None:
        schedule = replace(schedule, online=before.schedule.online)
    return _as_it_is(live, replace(live.state, online=before.online, schedule=schedule))


def _as_it_is(live: Observation, state: State) -> Target:
    """A goal that differs from live in release states only, so that no content is ever written for it."""
    return Target(state=state, snapshot_id=None, schedule=live.canonical.document.schedule if live.canonical else None)


def _call_a_person(sync: Sync, live: Observation, problem: SyncFailed) -> None:
    with transaction.atomic():
        if live.canonical is not None:
            keep(sync, live.canonical, trigger=Trigger.DRIFT, dolphin_version=live.state.version)
        else:
            keep_evidence(sync, live)
        finish.need_attention(sync, problem)
