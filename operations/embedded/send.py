"""The embedded sender: webhooks out of the outbox, beside the embedded worker. A receiver that hangs must not hold up a publish."""

import logging
import threading

from operations.embedded.loop import go_on, start_thread
from operations.heartbeat import beat
from snapshotter.webhooks.deliver import deliver_due

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between looks at an empty outbox
_AFTER_ERROR = 5.0


def send(stop: threading.Event) -> None:
    """Send due messages until told to stop. Several may run side by side."""
    go_on(stop, _round, pause=PAUSE, after_error=_AFTER_ERROR, logger=logger)


def _round() -> int:
    beat("send")
    return deliver_due()


def start_sender(stop: threading.Event) -> threading.Thread:
    """Run `send` in a thread of its own and return it, to be joined."""
    return start_thread("send", send, stop)
