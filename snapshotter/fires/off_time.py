"""When a sync held a schedule off, read from its journal, on DolphinScheduler's clock.

A call's effect falls somewhere between sent and answered, and two clocks are never quite the same: so each time off has an inner part,
in which it surely was off, and an outer one, outside which it surely was not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from dolphin.clock import Clock
from dolphin.plan import Action
from snapshotter.journal import NO_EFFECT
from snapshotter.models import SyncStep

_OFF: Final = (Action.TAKE_OFFLINE, Action.TAKE_SCHEDULE_OFFLINE)
_FAILED: Final = (NO_EFFECT, "dolphin_rejected", "dolphin_unavailable")
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
    """A write, on our clock: its effect came between the two. Not `answered`: or there was none."""

    sent: datetime
    done: datetime
    answered: bool = True

    def again(self, later: "Span") -> "Span":
        """Return what two calls to one end come to: the second one decides where the first was not answered."""
        return self if self.answered else Span(self.sent, later.done, later.answered)


def spans(steps: Iterable[SyncStep], now: datetime) -> list[tuple[Span, Span]]:
    """Return (went off, came on) for each time the schedule was held off. One that was left off was asked to be.

    A write whose answer never came counts from its sending; that it was done is sure only by what followed.
    """
    found: list[tuple[Span, Span]] = []
    off: Span | None = None
    on: Span | None = None
    for action, span in _effects(list(steps), now):
        if action in _OFF and on is not None and off is not None:
            found.append((off, on))
            off, on = span, None
        elif action in _OFF:
            off = span if off is None else off.again(span)
        elif action == Action.PUT_SCHEDULE_ONLINE and off is not None:
            on = span  # sent once more: the one before did nothing
    return [*found, (off, on)] if off is not None and on is not None else found


def _effects(steps: list[SyncStep], now: datetime) -> Iterator[tuple[str, Span]]:
    """Yield the writes that may have been done. Without an answer it was done, if it was, before the next write was sent."""
    for index, step in enumerate(steps):
        if step.is_write and step.outcome not in _FAILED:
            following = next((later.sent_at for later in steps[index + 1 :] if later.is_write), now)
            yield step.action, Span(step.sent_at, step.answered_at or following, step.answered_at is not None)


def content_written_at(steps: Iterable[SyncStep], *actions: str) -> datetime | None:
    """Return when the latest write of these was answered, None when there was none."""
    answered = [
        step.answered_at for step in steps if step.action in actions and step.answered_at and step.outcome == "ok"
    ]
    return max(answered, default=None)
