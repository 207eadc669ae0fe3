"""Moments that the databases can hold. It stands in the lowest package, so that whatever takes a moment from outside may ask."""

from datetime import UTC, datetime
from typing import Final

_FIRST_YEAR: Final = 1000  # MySQL's


def in_utc(moment: datetime) -> datetime | None:
    """Return an aware moment in UTC, as it is stored; None for one beyond the calendar there, whatever its own zone makes of it."""
    try:
        found = moment.astimezone(UTC)
    except OverflowError:
        return None
    return found if found.year >= _FIRST_YEAR else None
