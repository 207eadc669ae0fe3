"""The transaction in which a request is accepted: tried again where the database broke a deadlock, refused as busy where it can't."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction

from snapshotter.errors import Busy

T = TypeVar("T")
_TRIES = 4
_WAIT = 0.1  # seconds, times a random number and the try
_DEADLOCK, _LOCK_TIMEOUT = 1213, 1205  # MySQL and MariaDB


def accept(work: Callable[[], T]) -> T:
    """Run the work in a transaction of its own. Raises Busy when the database stays contended; then nothing has been kept."""
    for number in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if not _is_contention(error) or connection.in_atomic_block:
                raise
        time.sleep(_WAIT * number * random.random())  # noqa: S311  spreads the tries, keeps no secret
    raise Busy


def _is_contention(error: OperationalError) -> bool:
    return bool(error.args) and (error.args[0] in (_DEADLOCK, _LOCK_TIMEOUT) or "is locked" in str(error.args[0]))
