"""Which tasks of a big workflow are drawn: those that changed and what is near them. Pure."""

from collections.abc import Iterable
from typing import Final

from versions.graph.layers import Pair

WHOLE: Final = 300  # up to here all is drawn
MOST: Final = 2_000  # never more boxes than this
_HOPS: Final = 2


def near(changed: Iterable[int], pairs: Iterable[Pair], hops: int = _HOPS, most: int = MOST) -> frozenset[int]:
    """Return the changed and those within `hops` edges; of the last ring only what `most` leaves room for, lowest codes first."""
    around: dict[int, list[int]] = {}
    for a, b in pairs:
        if a and b:
            around.setdefault(a, []).append(b)
            around.setdefault(b, []).append(a)
    found = set(sorted(set(changed))[:most])
    ring = found
    for _ in range(hops):
        ring = {other for code in ring for other in around.get(code, ())} - found
        ring = set(sorted(ring)[: most - len(found)])
        found |= ring
    return frozenset(found)


def drawn(
    codes: frozenset[int], changed: frozenset[int], pairs: Iterable[Pair], *, whole: bool, compared: bool
) -> frozenset[int] | None:
    """Return the codes to draw, None for all."""
    if compared and not whole and len(codes) > WHOLE:
        return near(changed, pairs, most=WHOLE) & codes
    if len(codes) > MOST:
        kept = sorted(changed)[:MOST]
        return frozenset([*kept, *sorted(codes - set(kept))[: MOST - len(kept)]])
    return None
