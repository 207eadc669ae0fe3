"""The embedded worker: what Celery does elsewhere, in one loop, for the demo and for small installations."""

import logging
import threading

from django.db import close_old_connections

from operations.run_slice import run_due_slice
from snapshotter.work import run_due

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between looks at an empty queue
SLICE = 2.0  # seconds of bulk work before publishes get their turn again
_AFTER_ERROR = 5.0


def work(stop: threading.Event) -> None:
    """Run due syncs, and bulk work in slices, until told to stop; whatever goes wrong, it goes on. Several may run side by side."""
    logger.info("embedded worker started")
    while not stop.is_set():
        close_old_connections()
        try:
            ran = run_due() + run_due_slice(SLICE)
        except Exception:
            logger.exception("trying again in %s s", _AFTER_ERROR)
            stop.wait(_AFTER_ERROR)
            continue
        if not ran:
            stop.wait(PAUSE)
    logger.info("embedded worker stopped")
