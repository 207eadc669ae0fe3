"""The few places of those who only read DolphinScheduler, so that publishes find it free."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings

from snapshotter.errors import LiveBusy

_places: Final[dict[tuple[int, int], threading.BoundedSemaphore]] = {}
_lock = threading.Lock()


@contextmanager
def reading(instance: int) -> Iterator[None]:
    """Hold one of an instance's places of readers. Not to be nested. Raises LiveBusy where none comes free in time."""
    size = settings.SNAPSHOTTER["LIVE_READS"]
    with _lock:
        places = _places.setdefault((instance, size), threading.BoundedSemaphore(size))
    if not places.acquire(timeout=settings.SNAPSHOTTER["LIVE_WAIT"]):
        raise LiveBusy
    try:
        yield
    finally:
        places.release()
