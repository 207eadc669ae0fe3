"""The fire guard: a publish waits for a fire that is due soon, because the time it holds the schedule off would swallow it.

It waits only where waiting helps: for a fire that is followed by a gap long enough. A schedule without such a gap is published at once,
and what it lost is named afterwards. Waiting ends: at most WAITS times, and never twice for one fire.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Any, Final

from django.conf import settings

from definitions.cron import Cron
from dolphin.clock import Clock
from dolphin.observe import Observation
from snapshotter import dispatch
from snapshotter.choices import Online, ScheduleChoice, SyncKind, SyncState
from snapshotter.claim import move, wait
from snapshotter.fires.off_time import FIRE_LAG
from snapshotter.models import Sync, WorkflowState

CODE: Final = "fire_guard"
WAITS: Final = 3
MARGIN: Final = timedelta(seconds=3)  # after the fire, until DolphinScheduler has surely made its run
_LAST_SYNC: Final = 3  # times the length of the last one
_LONGEST: Final = 5  # guards; a gap further away is not waited for
_FAR: Final = timedelta(hours=2)  # three times any publish; nearer fires are worth asking how long the last one took


def hold(sync: Sync, live: Observation, clock: Clock) -> bool:
    """Put the sync aside where a fire is due and waiting helps; True when it was. Before the first write only."""
    seconds = float(settings.SNAPSHOTTER["FIRE_GUARD"])
    if seconds <= 0 or not _fires_now(live) or not goes_off(sync, live):
        return False
    cron = Cron.of(live.schedule_row or {})
    if cron is None:
        return _go(sync, {"unknown": True})
    guard = timedelta(seconds=seconds)
    since, latest = clock.earliest() - FIRE_LAG, clock.latest()
    first = next(cron.after(since), None)
    if first is None or first - latest > max(guard, _FAR):
        return _go(sync, {})
    needed = needed_gap(sync.workflow_id, but=sync)
    if first - latest > needed:
        return _go(sync, {})
    fire = followed_by_a_gap(cron.after(since), latest, needed)
    return _wait_or_go(sync, fire, clock.earliest(), needed)


def waits_for(sync: Sync) -> datetime | None:
    """Return the fire a sync is waiting for, None where it is not waiting for one."""
    if sync.state != SyncState.WAITING or sync.error_code != CODE:
        return None
    return datetime.fromisoformat(sync.result[CODE]["fire"])


def _wait_or_go(sync: Sync, fire: datetime | None, now: datetime, needed: timedelta) -> bool:
    if fire is None:
        return _go(sync, {"no_gap": True, "seconds": round(needed.total_seconds())})
    before: dict[str, Any] = sync.result.get(CODE, {})
    waits = int(before.get("waits", 0))
    if waits >= WAITS or before.get("fire") == fire.isoformat():
        return _go(sync, {"waited_enough": True})
    seconds = (fire + MARGIN - now).total_seconds()
    wait(
        sync,
        seconds,
        error_code=CODE,
        error_text=f"Waits for the fire at {fire:%Y-%m-%d %H:%M:%S} UTC: the schedule would be off when it is due.",
        result={**sync.result, CODE: {"fire": fire.isoformat(), "waits": waits + 1}},
    )
    dispatch.later(sync, seconds)
    return True


def needed_gap(workflow_id: int, *, but: Sync | None = None) -> timedelta:
    """Return how long a publish may hold the schedule off, to be safe; `but` is a sync that does not count."""
    return max(
        timedelta(seconds=float(settings.SNAPSHOTTER["FIRE_GUARD"])),
        _LAST_SYNC * _length_of_the_last(workflow_id, but),
    )


def followed_by_a_gap(fires: Iterable[datetime], now: datetime, needed: timedelta) -> datetime | None:
    """Return the first fire, not too far away, after which none is due for long enough."""
    for fire, then in pairwise(chain(fires, [datetime.max.replace(tzinfo=now.tzinfo)])):
        if fire - now > _LONGEST * needed:
            return None
        if then - fire - MARGIN > needed:
            return fire
    return None


def _go(sync: Sync, why: dict[str, Any]) -> bool:
    """Go on; what the guard found is kept with the sync, and its waiting is over."""
    if why or sync.error_code == CODE:
        noted = {**sync.result.get(CODE, {}), **why}
        move(sync, SyncState.RUNNING, error_code="", error_text="", result={**sync.result, CODE: noted})
    return False


def _fires_now(live: Observation) -> bool:
    schedule = live.state.schedule
    return live.state.online and schedule is not None and schedule.online


def goes_off(sync: Sync, live: Observation) -> bool:
    """Whether bringing live to the snapshot takes the schedule off: for good, or for the time of a write."""
    wanted, shown = sync.snapshot, live.canonical
    if wanted is None or live.state.code is None:
        return False
    if shown is None:  # it is repaired by a write
        return True
    if sync.online == Online.OFF or sync.schedule == ScheduleChoice.OFF or sync.options.get("schedule_online") is False:
        return True
    if wanted.fingerprint != shown.fingerprint:
        return True
    if sync.schedule != ScheduleChoice.KEEP and wanted.schedule_hash not in ("", shown.schedule_hash):
        return True
    expected = WorkflowState.objects.values_list("expected_online", "expected_schedule_online").get(
        workflow_id=sync.workflow_id
    )
    return False in expected


def _length_of_the_last(workflow_id: int, but: Sync | None) -> timedelta:
    """Return how long the last publish of this workflow took from its first write to its end; waiting before does not count."""
    last = (
        Sync.objects.filter(workflow_id=workflow_id, kind=SyncKind.PUBLISH, state=SyncState.SUCCEEDED)
        .exclude(pk=but.pk if but else 0)
        .order_by("-id")
        .first()
    )
    if last is None or last.finished_at is None:
        return timedelta(0)
    began = last.steps.filter(is_write=True).order_by("number").values_list("sent_at", flat=True).first()
    return last.finished_at - began if began is not None else timedelta(0)
