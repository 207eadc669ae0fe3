"""How fast bulk work may call DolphinScheduler: a settable rate, and never more than half of its time."""

import time
from collections.abc import Callable

from dolphin.transport import Call


class Pace:
    """An observer of calls that sleeps after each: for the rest of 1/rate seconds, at least as long as the call took.

    One run of an instance works at a time, one call after the other, so this is the instance's rate too. A slow server slows us down
    by itself. Counts the calls.
    """

    def __init__(self, rate: float, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._interval = 1 / rate if rate > 0 else 0.0
        self._sleep = sleep
        self.calls = 0

    def __call__(self, call: Call) -> None:
        self.calls += 1
        took = call.answered_at - call.sent_at
        self._sleep(max(self._interval - took, min(took, _LONGEST)) if self._interval else 0.0)


_LONGEST = 5.0  # seconds
