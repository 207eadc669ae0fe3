"""When the database does not answer: which errors say so, and what is said.

Both servers tell much else by OperationalError, an unknown column or a broken date among it. Such is a defect, or a migration that is
missing; a caller who is told to try again would do so for ever.
"""

from typing import Final

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

CODE: Final = "database_unavailable"
STATUS: Final = 503
RETRY_AFTER: Final = "5"  # seconds
TEXT: Final = _(
    "The database does not answer. A publish may have been accepted all the same: send the same request again, with the same key."
)
_NUMBERS: Final = frozenset(
    {
        *(3, 1021, 1037, 1114),  # disk, memory or table full
        *(1040, 1203, 1226),  # too many connections
        *(1053, 1152, 1317, 1927, 4031),  # shutting down, or our connection or statement was ended
        *range(1158, 1162),  # the network
        *(1205, 1213, 3024),  # contended
        *(1290, 1836),  # read-only
        *range(2000, 2060),  # told by the client's library: not to be reached, gone, lost
    }
)
_WORDS: Final = ("locked", "disk", "unable to open", "readonly")  # SQLite's


def is_lost(error: BaseException | None) -> bool:
    """Whether it passes: the database is away, full, read-only or contended."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError) or not error.args:
        return False
    first = error.args[0]
    return first in _NUMBERS if isinstance(first, int) else any(word in str(first) for word in _WORDS)
