"""The embedded sender: webhooks out of the outbox, beside the embedded worker. A receiver that hangs must not hold up a publish."""

import logging
import threading

from django.db import close_old_connections, connections

from snapshotter.deliver import deliver_due

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between looks at an empty outbox
_AFTER_ERROR = 5.0


def send(stop: threading.Event) -> None:
    """Send due messages until told to stop; whatever goes wrong, it goes on. Several may run side by side."""
    while not stop.is_set():
        close_old_connections()
        if not _round(stop):
            stop.wait(PAUSE)


def start_sender(stop: threading.Event) -> threading.Thread:
    """Run `send` in a thread of its own and return it, to be joined."""
    thread = threading.Thread(target=_run, args=(stop,), name="send")
    thread.start()
    return thread


def _run(stop: threading.Event) -> None:
    try:
        send(stop)
    finally:
        connections.close_all()


def _round(stop: threading.Event) -> int:
    try:
        return deliver_due()
    except Exception:
        logger.exception("trying again in %s s", _AFTER_ERROR)
        stop.wait(_AFTER_ERROR)
        return 1
