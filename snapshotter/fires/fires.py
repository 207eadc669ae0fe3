"""Fires of a workflow's schedule that a time off may have swallowed, and how DolphinScheduler writes their times."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from definitions.cron import STAMP, Cron
from dolphin.observe import Observation
from dolphin.plan import Action
from snapshotter.fires.off_time import Span, TimeOff, content_written_at
from snapshotter.models import Sync, SyncStep
from snapshotter.target import Target, from_json

MOST: Final = 200  # named one by one; more are counted
_COUNTED: Final = 100_000
_QUARTER: Final = 900  # seconds; every zone in use is a whole number of quarters from UTC
_NEAR: Final = 120.0
_FURTHEST: Final = 14 * 3600


@dataclass(frozen=True, slots=True)
class Fire:
    """`at` in UTC on DolphinScheduler's clock; `sure`: the schedule surely was off then."""

    at: datetime
    sure: bool


@dataclass(frozen=True, slots=True)
class Swallowed:
    """`fires` at most MOST of `count`; `unknown`: the expression can't be reckoned, so nothing is known."""

    fires: list[Fire]
    count: int
    unknown: bool = False


def fired(before: Target) -> bool:
    """Whether the schedule was firing at all: both it and its workflow online."""
    return before.state.online and before.state.schedule is not None and before.state.schedule.online


def swallowed(before: Target, after: Target, off: TimeOff, changed_at: datetime | None) -> Swallowed:
    """Return the fires of one time off: of the former schedule until it was changed (if it was), of the new one from then on."""
    if not fired(before):
        return Swallowed([], 0)
    parts = [(before.schedule, off.first, changed_at or off.last)]
    if changed_at is not None:
        parts.append((after.schedule, changed_at, off.last))
    found: list[datetime] = []
    for schedule, first, last in parts:
        cron = Cron.of(schedule or {})
        if cron is None:
            return Swallowed([], 0, unknown=True)
        found += islice(cron.between(first, last), _COUNTED)
    fires = sorted(set(found))
    return Swallowed([Fire(at, off.is_sure(at)) for at in fires[:MOST]], len(fires))


def targets(sync: Sync) -> tuple[Target, Target]:
    """Return (before, after) of a sync that has resolved them."""
    return from_json(sync.before), from_json(sync.after)


def schedule_changed_at(steps: list[SyncStep], span: tuple[Span, Span]) -> datetime | None:
    """Return when the schedule's content was changed inside a time off."""
    off, on = span
    within = [step for step in steps if off.sent <= step.sent_at <= on.done]
    return content_written_at(within, Action.UPDATE_SCHEDULE)


def dolphin_zone(live: Observation, steps: list[SyncStep]) -> timedelta | None:
    """Return what DolphinScheduler's dates are ahead of UTC. It prints them without a zone, in its server's own.

    Told by a row our own write has just stamped: the nearest quarter of an hour between its stamp and our journal.
    """
    raw = live.raw or {}
    definition = raw.get("workflowDefinition") or raw.get("processDefinition") or {}
    row: dict[str, Any] = live.schedule_row or {}
    stamped = (
        (definition.get("updateTime"), (Action.WRITE, Action.CREATE)),
        (row.get("updateTime"), (Action.UPDATE_SCHEDULE, Action.CREATE_SCHEDULE)),
        (row.get("updateTime"), (Action.PUT_SCHEDULE_ONLINE, Action.TAKE_SCHEDULE_OFFLINE)),
        (definition.get("updateTime"), (Action.PUT_ONLINE, Action.TAKE_OFFLINE)),
    )
    for stamp, actions in stamped:
        written = content_written_at(steps, *actions)
        ahead = _ahead(stamp, written) if written is not None else None
        if ahead is not None:
            return ahead
    return None


def _ahead(stamp: object, written: datetime) -> timedelta | None:
    try:
        shown = datetime.strptime(str(stamp)[:19].replace("T", " "), STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    seconds = (shown - written).total_seconds()
    quarters = round(seconds / _QUARTER) * _QUARTER
    if abs(seconds - quarters) > _NEAR or abs(quarters) > _FURTHEST:
        return None
    return timedelta(seconds=quarters)


def in_dolphins_words(at: datetime, ahead: timedelta | None) -> str:
    """Return a moment as DolphinScheduler writes it, "" where its zone is not known."""
    return (at + ahead).strftime(STAMP) if ahead is not None else ""
