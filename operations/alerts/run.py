"""The embedded alerts, beside the embedded worker: a receiver that hangs must not hold up a publish, so they have a thread of their own."""

import logging
import threading
from typing import Final

from operations.alerts.deliver import deliver_due
from operations.alerts.follow import follow_due
from operations.alerts.watch import watch
from operations.embedded.loop import go_on, start_thread
from operations.heartbeat import beat

logger = logging.getLogger(__name__)

PAUSE: Final = 2.0  # seconds between looks when there is nothing
SLICE: Final = 10.0  # seconds of following, and of sending
_AFTER_ERROR: Final = 10.0


def alerts(stop: threading.Event) -> None:
    """Look, follow and send until told to stop. Several may run side by side."""
    go_on(stop, one_round, pause=PAUSE, after_error=_AFTER_ERROR, logger=logger)


def one_round() -> int:
    """Note what is found by looking, make alerts of what was sealed, send what is due; return whether there was anything."""
    beat("alerts")
    return watch() + follow_due(SLICE) + deliver_due(SLICE)


def start_alerts(stop: threading.Event) -> threading.Thread:
    """Run `alerts` in a thread of its own and return it, to be joined."""
    return start_thread("alerts", alerts, stop)
