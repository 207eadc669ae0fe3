"""Medians and shares, None where there is nothing to take them of."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

MOST: Final = 10_000  # the latest so many durations stand for all: a database has no median

Number = int | float | None


def seconds(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> list[float]:
    """Return how long each took, shortest first; what lacks an end has taken no time yet."""
    return sorted((end - begin).total_seconds() for begin, end in pairs if begin is not None and end is not None)


def at_share(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that this share of the sorted values does not exceed (nearest rank): always one that was seen."""
    if not values:
        return None
    rank = -(-len(values) * round(share * 100) // 100)  # rounded up
    return values[max(rank, 1) - 1]


def ratio(part: Number, whole: Number) -> float | None:
    """Return a share, None of nothing."""
    return part / whole if part is not None and whole else None
