"""The embedded reader of lineage, beside the embedded worker: a large definition must not hold up a publish."""

import logging
import threading

from operations.embedded.loop import go_on, start_thread
from operations.heartbeat import beat
from snapshotter.derive_lineage import derive_due

logger = logging.getLogger(__name__)

PAUSE = 2.0  # seconds between looks when nothing is missing
SLICE = 10.0  # seconds between looks at the signal to stop
_AFTER_ERROR = 30.0


def derive(stop: threading.Event) -> None:
    """Derive missing lineages until told to stop. Several may run side by side."""
    go_on(stop, _round, pause=PAUSE, after_error=_AFTER_ERROR, logger=logger)


def _round() -> int:
    beat("derive")
    return derive_due(SLICE)


def start_deriver(stop: threading.Event) -> threading.Thread:
    """Run `derive` in a thread of its own and return it, to be joined."""
    return start_thread("lineage", derive, stop)
