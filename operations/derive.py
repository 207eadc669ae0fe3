"""The embedded reader of lineage, beside the embedded worker: a large definition must not hold up a publish."""

import logging
import threading

from django.db import close_old_connections, connections

from snapshotter.derive_lineage import derive_due

logger = logging.getLogger(__name__)

PAUSE = 2.0  # seconds between looks when nothing is missing
SLICE = 10.0  # seconds between looks at the signal to stop
_AFTER_ERROR = 30.0


def derive(stop: threading.Event) -> None:
    """Derive missing lineages until told to stop; whatever goes wrong, it goes on. Several may run side by side."""
    while not stop.is_set():
        close_old_connections()
        try:
            done = derive_due(SLICE)
        except Exception:
            logger.exception("trying again in %s s", _AFTER_ERROR)
            stop.wait(_AFTER_ERROR)
            continue
        if not done:
            stop.wait(PAUSE)


def start_deriver(stop: threading.Event) -> threading.Thread:
    """Run `derive` in a thread of its own and return it, to be joined."""
    thread = threading.Thread(target=_run, args=(stop,), name="lineage")
    thread.start()
    return thread


def _run(stop: threading.Event) -> None:
    try:
        derive(stop)
    finally:
        connections.close_all()
