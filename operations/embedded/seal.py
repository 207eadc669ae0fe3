"""The embedded sealer of the trail, beside the embedded worker: seals what was committed, and verifies the chain when asked."""

import logging
import threading
from typing import Final

from audit.seal import BATCH, seal
from audit.verify_audit import go_on as go_on_verifying
from operations.embedded.loop import go_on, start_thread
from operations.heartbeat import beat
from operations.metrics.count import count

logger = logging.getLogger(__name__)

PAUSE: Final = 2.0  # seconds between looks when all is sealed
SLICE: Final = 10.0  # seconds of verifying before new entries get their seals again
_AFTER_ERROR: Final = 30.0
_BATCHES: Final = 100  # a round


def seal_and_verify(stop: threading.Event) -> None:
    """Seal and verify until told to stop. Several may run side by side: one of them seals at a time."""
    go_on(stop, one_round, pause=PAUSE, after_error=_AFTER_ERROR, logger=logger)


def one_round() -> int:
    """Seal what waits, count it, work on a verification for a slice of time; return whether there was anything."""
    beat("seal")
    sealed = 0
    for _ in range(_BATCHES):
        batch = seal()
        sealed += batch
        if batch < BATCH:
            break
    return sealed + count() + go_on_verifying(SLICE)


def start_sealer(stop: threading.Event) -> threading.Thread:
    """Run `seal_and_verify` in a thread of its own and return it, to be joined."""
    return start_thread("seal", seal_and_verify, stop)
