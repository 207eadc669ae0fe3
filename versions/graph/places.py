"""Where each box stands, before and after alike: DolphinScheduler's own places where they can be read, else a layout of ours.

Its places may be missing, all on one spot, nearer to each other than boxes are wide (200 by its API's users) or a million apart.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from definitions.document import Document
from versions.graph.layers import Pair
from versions.graph.layout import ACROSS, HEIGHT, WIDTH, Point, layered
from versions.graph.taken import MARGIN, Taken

_Spots = dict[int, tuple[float, float]]

_STRETCHES: Final = (1.4, 1.8, 2.5)  # boxes that overlap a little are drawn apart, the picture stays
_TOLERATED: Final = 0.25  # part of the boxes that may want a place of ours before all are laid out anew
_MAX_SEATED: Final = 60  # each looks for its spot step by step
_WIDEST: Final = 400  # empty bands are narrowed to this


@dataclass(frozen=True, slots=True)
class Standing:
    """Top left corners by code, before and after. `bends` as in `Layout`: only where all was laid out by us."""

    before: dict[int, Point]
    after: dict[int, Point]
    bends: dict[Pair, list[Point]] = field(default_factory=dict)
    is_ours: bool = False


def standing(before: Document, after: Document, drawn: frozenset[int] | None = None) -> Standing:
    """Place the tasks of two documents on one sheet; a part (`drawn`) is laid out anew, else it would lie scattered."""
    if drawn is None:
        own, other = _spots(before), _spots(after)
        sheet = _from_dolphin(before, after, _on_side(before, own, other), _on_side(after, other, own))
        if sheet:
            return sheet
    codes = {code for code in before.tasks.keys() | after.tasks.keys() if drawn is None or code in drawn}
    layout = layered(codes, _pairs(before, after))
    old, new = ({code: layout.places[code] for code in document.tasks if code in codes} for document in (before, after))
    return Standing(old, new, layout.bends, is_ours=True)


def _pairs(*documents: Document) -> Iterator[Pair]:
    for document in documents:
        for relation in document.relations:
            yield relation["preTaskCode"], relation["postTaskCode"]


def _spots(document: Document) -> _Spots:
    return {
        code: (float(place["x"]), float(place["y"]))
        for code, place in (document.layout or {}).items()
        if code in document.tasks and _is_place(place)
    }


def _is_place(place: Mapping[str, Any]) -> bool:
    values = (place.get("x"), place.get("y"))
    return all(isinstance(value, int | float) and not isinstance(value, bool) and _fits(value) for value in values)


def _fits(value: float) -> bool:
    return -1e12 < value < 1e12 and math.isfinite(value)


def _on_side(document: Document, own: _Spots, other: _Spots) -> _Spots:
    """Return the places of one side; what it doesn't say is taken from the other."""
    return {code: own.get(code) or other[code] for code in document.tasks if code in own or code in other}


def _from_dolphin(before: Document, after: Document, old: _Spots, new: _Spots) -> Standing | None:
    """Return the sheet as DolphinScheduler has it, None where too few boxes can be read on it."""
    stretch, hidden = _stretched(old, new)
    codes = before.tasks.keys() | after.tasks.keys()
    lost = [code for code in codes if code in hidden or not (code in old or code in new)]
    if len(lost) > min(_TOLERATED * len(codes), _MAX_SEATED):
        return None
    xs = _narrowed([x * stretch for side in (old, new) for x, _ in side.values()], WIDTH)
    ys = _narrowed([y * stretch for side in (old, new) for _, y in side.values()], HEIGHT)
    was, now = ({code: (xs[x * stretch], ys[y * stretch]) for code, (x, y) in side.items()} for side in (old, new))
    spots = {code: now.get(code) or was.get(code) for code in sorted(lost)}
    was, now = ({code: spot for code, spot in side.items() if code not in hidden} for side in (was, now))
    sheet = Standing(was, now)
    _seat(spots, before, after, sheet)
    return sheet


def _stretched(old: _Spots, new: _Spots) -> tuple[float, set[int]]:
    """Return the factor to draw by and which boxes still lie on others; a few of those are moved rather than all."""
    hidden = _hidden(old, 1.0, 0) | _hidden(new, 1.0, 0)
    if len(hidden) <= len(old.keys() | new.keys()) / 10:
        return 1.0, hidden
    tries = [(factor, _hidden(old, factor, MARGIN) | _hidden(new, factor, MARGIN)) for factor in _STRETCHES]
    return min(tries, key=lambda found: (len(found[1]), found[0]))


def _hidden(spots: _Spots, factor: float, margin: int) -> set[int]:
    """Return the boxes that would lie on one placed before them."""
    taken = Taken()
    hidden = set()
    for code, (x, y) in sorted(spots.items()):
        if taken.is_free(x * factor, y * factor, margin=margin):
            taken.add(x * factor, y * factor)
        else:
            hidden.add(code)
    return hidden


def _narrowed(values: list[float], size: int) -> dict[float, int]:
    """Return each coordinate as it is drawn, from 0: whole, in order, no empty band wider than `_WIDEST`."""
    drawn: dict[float, int] = {}
    shift, last = 0.0, None
    for value in sorted(set(values)):
        if last is None:
            shift = -value
        elif value - last > size + _WIDEST:
            shift -= value - last - size - _WIDEST
        drawn[value] = round(value + shift)
        last = value
    return drawn


def _seat(lost: dict[int, Point | None], before: Document, after: Document, sheet: Standing) -> None:
    """Place what has no place, or one under another box, at the next free spot downwards from where it would best be."""
    taken = Taken()
    for x, y in {*sheet.before.values(), *sheet.after.values()}:
        taken.add(x, y)
    earlier, later = ({code: set[int]() for code in lost} for _ in range(2))
    for a, b in _pairs(before, after):
        if b in lost:
            earlier[b].add(a)
        if a in lost:
            later[a].add(b)
    for code, spot in lost.items():
        x, y = spot or _wish(code, earlier[code], later[code], {**sheet.before, **sheet.after})
        while not taken.is_free(x, y, margin=MARGIN):
            y += HEIGHT // 2
        taken.add(x, y)
        for document, side in ((before, sheet.before), (after, sheet.after)):
            if code in document.tasks:
                side[code] = x, y


def _wish(code: int, earlier: set[int], later: set[int], known: dict[int, Point]) -> Point:
    """Right of a forerunner, left of a follower, or below all."""
    for others, shift in ((earlier, ACROSS), (later, -ACROSS)):
        for other in sorted(others & known.keys() - {code}):
            return known[other][0] + shift, known[other][1]
    return 0, max((y for _, y in known.values()), default=-2 * HEIGHT) + 2 * HEIGHT
