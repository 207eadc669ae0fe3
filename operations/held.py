"""Hold: whether this process must take nothing on, since it is of another release than the database. It goes on by itself when they fit."""

import logging
import time
from typing import Final

from django.db import DatabaseError

from catalog.release import fit
from operations.heartbeat import beat

logger = logging.getLogger(__name__)

NAME: Final = "held"  # among the signs of life
_EVERY: Final = 30.0  # seconds between two lines of the log
_told = -_EVERY  # by this process's monotonic clock


def is_held() -> bool:
    """Ask before a round or a task; where it is so, say so in the log and among the signs of life. Raises DatabaseError."""
    global _told
    found = fit()
    if found.is_right:
        return False
    now = time.monotonic()
    if now - _told >= _EVERY:
        _told = now
        logger.warning("takes nothing on: %s; see docs/upgrade.md", found)
    try:
        beat(NAME)
    except DatabaseError:  # the table is not there yet, or not any more as this release knows it
        logger.debug("no sign of life can be written")
    return True
