"""Few sign-ins of a process wait for a directory or service at once: the other threads serve pages while it hangs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from django.conf import settings
from django.utils.functional import Promise

from catalog.sign_in.errors import DirectoryUnavailable

_PATIENCE: Final = 0.25  # seconds: as long as directories that are well take for somebody
_held = threading.local()


@contextmanager
def one_of_few(said: str | Promise | None = None) -> Iterator[None]:
    """Hold one of the process's places to ask there. Who holds one already needs no second.

    Raises DirectoryUnavailable, with the text `said`, where all are taken.
    """
    if getattr(_held, "place", False):
        yield
        return
    if not _places().acquire(timeout=_PATIENCE):
        raise DirectoryUnavailable(said)
    _held.place = True
    try:
        yield
    finally:
        _held.place = False
        _places().release()


@cache
def _places() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(settings.SNAPSHOTTER["SIGN_IN_AT_ONCE"])
