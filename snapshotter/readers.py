"""For those who only read DolphinScheduler: few places, so that publishes find it free, and answers kept for some seconds.

Nothing here knows who may see what: that is asked before, each time.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Generic, TypeVar

from django.conf import settings

from snapshotter.errors import LiveBusy

T = TypeVar("T")
Key = tuple[Any, ...]
MOST_KEPT: Final = 16  # answers a process keeps of one kind; one may be of some megabytes
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


class Kept(Generic[T]):
    """Answers by key, for SNAPSHOTTER_LIVE_CACHE seconds. A key holds all that makes an answer void; None: nothing may be kept."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Key, tuple[float, T]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._rows)

    def fresh(self, key: Key | None) -> T | None:
        with self._lock:
            row = self._rows.get(key) if key is not None else None
        return row[1] if row is not None and time.monotonic() - row[0] < settings.SNAPSHOTTER["LIVE_CACHE"] else None

    def keep(self, key: Key | None, answer: T) -> None:
        if key is None:
            return
        with self._lock:
            self._rows[key] = time.monotonic(), answer
            self._rows.move_to_end(key)
            while len(self._rows) > MOST_KEPT:
                self._rows.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()
