"""How far DolphinScheduler's clock is from ours, from the Date headers of its answers."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

UNKNOWN: Final = 5.0  # seconds either way, while no answer has told its time


@dataclass(slots=True)
class Clock:
    """`low` and `high` bound what must be added to our clock to get DolphinScheduler's, in seconds."""

    low: float = -UNKNOWN
    high: float = UNKNOWN

    def heard(self, date: str | None, sent_at: float, answered_at: float) -> None:
        """Take in one answer: its Date header (whole seconds, cut), and when it was sent and answered by `time.time()`."""
        try:
            told = parsedate_to_datetime(date).timestamp() if date else None
        except ValueError:
            return
        if told is None:
            return
        low, high = told - answered_at, told + 1.0 - sent_at
        if max(low, self.low) <= min(high, self.high):
            self.low, self.high = max(low, self.low), min(high, self.high)
        else:  # it was put right meanwhile, or is further away than we first took for granted: the latest word counts
            self.low, self.high = low, high

    def earliest(self) -> datetime:
        """Return DolphinScheduler's time, as early as it can be."""
        return datetime.fromtimestamp(time.time() + self.low, UTC)

    def latest(self) -> datetime:
        """Return DolphinScheduler's time, as late as it can be."""
        return datetime.fromtimestamp(time.time() + self.high, UTC)
