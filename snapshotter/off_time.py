"""When a sync held a schedule off, read from its journal, on DolphinScheduler's clock.

A call's effect falls somewhere between sent and answered, and two clocks are never quite the same: so each time off has an inner part,
in which it surely was off, and an outer one, outside which it surely was not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from dolphin.clock import Clock
from dolphin.plan import Action
from snapshotter.journal import NO_EFFECT
from snapshotter.models import SyncStep

_OFF: Final = (Action.TAKE_OFFLINE, Action.TAKE_SCHEDULE_OFFLINE)
_FAILED: Final = (NO_EFFECT, "dolphin_rejected", "dolphin_unauthorized", "dolphin_unavailable")
# A fire reads the schedule's state a moment after its time, so an OFFLINE just after it may still catch it.
FIRE_LAG: Final = timedelta(seconds=2)
# A schedule that goes ONLINE may still make the fire of the second before: its start is cut to whole seconds.
_WAKE_LAG: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Aware moments on DolphinScheduler's clock; `sure_from` may lie after `sure_to`: then nothing in it is sure."""

    first: datetime
    sure_from: datetime
    sure_to: datetime
    last: datetime

    @classmethod
    def of(cls, off: "Span", on: "Span", clock: Clock) -> Self:
        low, high = timedelta(seconds=clock.low), timedelta(seconds=clock.high)
        return cls(
            first=off.sent + low - FIRE_LAG,
            sure_from=off.done + high,
            sure_to=on.sent + low - _WAKE_LAG,
            last=on.done + high,
        )

    def is_sure(self, fire: datetime) -> bool:
        return self.sure_from < fire < self.sure_to


@dataclass(frozen=True, slots=True)
class Span:
    """A write, on our clock: its effect came between the two."""

    sent: datetime
    done: datetime


def spans(steps: Iterable[SyncStep], now: datetime) -> list[tuple[Span, Span]]:
    """Return (went off, came on) for each time the schedule was held off. One that was left off was asked to be."""
    found: list[tuple[Span, Span]] = []
    off: Span | None = None
    for step, following in _with_next(list(steps)):
        if not step.is_write or step.outcome in _FAILED:
            continue
        span = Span(step.sent_at, step.answered_at or (following.sent_at if following else now))
        if step.action in _OFF and off is None:
            off = span
        elif step.action == Action.PUT_SCHEDULE_ONLINE and off is not None:
            found.append((off, span))
            off = None
    return found


def content_written_at(steps: Iterable[SyncStep], *actions: str) -> datetime | None:
    """Return when the latest write of these was answered, None when there was none."""
    answered = [
        step.answered_at for step in steps if step.action in actions and step.answered_at and step.outcome == "ok"
    ]
    return max(answered, default=None)


def _with_next(steps: list[SyncStep]) -> Iterable[tuple[SyncStep, SyncStep | None]]:
    return zip(steps, [*steps[1:], None], strict=True)
