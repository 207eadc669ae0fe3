"""The embedded worker: what Celery does elsewhere, in two loops, for the demo and for small installations."""

import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections, connections

from snapshotter.deliver import deliver_due
from snapshotter.work import run_due

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between looks at an empty queue
_AFTER_ERROR = 5.0


def work(stop: threading.Event) -> None:
    """Run due syncs and send webhooks until told to stop; a database that is away is waited for. Several may run side by side.

    Webhooks have a thread of their own: a receiver that does not answer must not hold up a publish.
    """
    logger.info("embedded worker started")
    sender = threading.Thread(target=_send, args=(stop,), name="webhooks")
    sender.start()
    try:
        _loop(stop, run_due)
    finally:
        stop.set()  # a defect in one loop ends both, so that whoever supervises the process sees it
        sender.join()
    logger.info("embedded worker stopped")


def _send(stop: threading.Event) -> None:
    try:
        _loop(stop, deliver_due)
    finally:
        stop.set()
        connections.close_all()


def _loop(stop: threading.Event, run: Callable[[], int]) -> None:
    while not stop.is_set():
        close_old_connections()
        try:
            ran = run()
        except DatabaseError:
            logger.exception("the database does not answer; trying again in %s s", _AFTER_ERROR)
            stop.wait(_AFTER_ERROR)
            continue
        if not ran:
            stop.wait(PAUSE)
