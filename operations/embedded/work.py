"""The embedded worker: what Celery does elsewhere, in one loop, for the demo and for small installations."""

import itertools
import logging
import threading
from collections.abc import Iterator
from functools import partial

from operations.embedded.loop import go_on
from operations.heartbeat import beat
from operations.run_slice import run_due_slice
from rollback.many.work import work_due
from rollback.sweep import sweep
from snapshotter.work import run_due

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between looks at an empty queue
SLICE = 2.0  # seconds of bulk work before publishes get their turn again
SWEEP_EVERY = 10  # rounds between looks at what may have become void
_AFTER_ERROR = 5.0


def work(stop: threading.Event) -> None:
    """Run due syncs, and bulk work in slices, until told to stop. Several may run side by side."""
    logger.info("embedded worker started")
    go_on(stop, partial(_round, itertools.count()), pause=PAUSE, after_error=_AFTER_ERROR, logger=logger)
    logger.info("embedded worker stopped")


def _round(rounds: Iterator[int]) -> int:
    beat("work")
    swept = sweep() if next(rounds) % SWEEP_EVERY == 0 else 0
    return run_due() + work_due(SLICE) + run_due_slice(SLICE) + swept
