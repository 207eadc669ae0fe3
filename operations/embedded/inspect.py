"""The embedded inspector, beside the embedded worker: a list of thousands of workflows must not hold up a publish."""

import logging
import threading
from typing import Final

from drift.inspection.work import work_due
from operations.embedded.loop import go_on, start_thread
from operations.heartbeat import beat

logger = logging.getLogger(__name__)

PAUSE: Final = 5.0  # seconds between looks when no inspection is due
SLICE: Final = 10.0  # seconds between looks at the signal to stop
_AFTER_ERROR: Final = 30.0


def inspect(stop: threading.Event) -> None:
    """Inspect what is due until told to stop. Several may run side by side."""
    go_on(stop, _round, pause=PAUSE, after_error=_AFTER_ERROR, logger=logger)


def _round() -> int:
    beat("inspect")
    return work_due(SLICE)


def start_inspector(stop: threading.Event) -> threading.Thread:
    """Run `inspect` in a thread of its own and return it, to be joined."""
    return start_thread("inspect", inspect, stop)
