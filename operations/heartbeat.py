"""Beat: say that a kind of worker is alive. Health pages, metrics and doctor read it."""

import os
import socket
import time
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models.functions import Now

from operations.metrics.models import WorkerBeat

EVERY: Final = 10.0  # seconds between two writes of one process and kind
_beaten: dict[str, float] = {}  # by this process, by its monotonic clock


def beat(name: str) -> None:
    """Note a round. At most one write in EVERY seconds, however often it is called."""
    now = time.monotonic()
    if now - _beaten.get(name, -EVERY) < EVERY:
        return
    by = f"{socket.gethostname()[:80]}:{os.getpid()}"
    if not WorkerBeat.objects.filter(pk=name).update(beat_at=Now(), by=by):
        WorkerBeat.objects.get_or_create(name=name, defaults={"beat_at": Now(), "by": by})
    _beaten[name] = now


def silence() -> timedelta:
    """Return how long a worker may be silent before that is worth saying: a few rounds of beat's, and longer than one call may take."""
    own = settings.SNAPSHOTTER
    return timedelta(seconds=max(120.0, 4 * settings.SWEEP, 2 * (own["CONNECT_TIMEOUT"] + own["READ_TIMEOUT"])))


def forget() -> None:
    """Let the next round of each kind be written at once: for a process that has come to another database."""
    _beaten.clear()
