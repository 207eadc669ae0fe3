"""The embedded worker: what Celery does elsewhere, in one loop, for the demo and for small installations."""

import logging
import threading

from django.db import DatabaseError, close_old_connections

from snapshotter.work import run_due

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between looks at an empty queue
_AFTER_ERROR = 5.0


def work(stop: threading.Event) -> None:
    """Run due syncs until told to stop; a database that is away is waited for. Several may run side by side."""
    logger.info("embedded worker started")
    while not stop.is_set():
        close_old_connections()
        try:
            ran = run_due()
        except DatabaseError:
            logger.exception("the database does not answer; trying again in %s s", _AFTER_ERROR)
            stop.wait(_AFTER_ERROR)
            continue
        if not ran:
            stop.wait(PAUSE)
    logger.info("embedded worker stopped")
