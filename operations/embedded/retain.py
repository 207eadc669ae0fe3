"""The embedded deleter of old rows, beside the embedded worker: a long pass must not hold up a publish."""

import logging
import threading

from operations.embedded.loop import go_on, start_thread
from operations.heartbeat import beat
from operations.retention.retain import retain_due

logger = logging.getLogger(__name__)

PAUSE = 30.0  # seconds between looks at whether a pass is due
SLICE = 5.0  # seconds between looks at the signal to stop
_AFTER_ERROR = 60.0


def keep_deleting(stop: threading.Event) -> None:
    """Delete what is past its days until told to stop. Several may run side by side: one of them deletes at a time."""
    go_on(stop, _round, pause=PAUSE, after_error=_AFTER_ERROR, logger=logger)


def _round() -> int:
    beat("retain")
    return retain_due(SLICE)


def start_retainer(stop: threading.Event) -> threading.Thread:
    """Run `keep_deleting` in a thread of its own and return it, to be joined."""
    return start_thread("retain", keep_deleting, stop)
