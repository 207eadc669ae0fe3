"""Where boxes stand when DolphinScheduler doesn't say: layers from left to right, by the longest path. Pure and deterministic.

Own code, after a trial of grandalf 0.8: 16 times the time of this for 1,000 tasks, 30 times for 2,000; it lays out only connected
graphs, and is GPLv2 or EPL (docs/adr/0012). The ways are the usual ones: cycles broken by a walk in depth, long edges given a
passage of their own in every layer, order by barycentres, heights by least squares with fixed gaps.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from versions.graph_layers import Pair, layers, numbered, pieces, without_cycles

Point = tuple[int, int]

WIDTH: Final = 220  # a box as DolphinScheduler draws it
HEIGHT: Final = 48
ACROSS: Final = 300  # from one layer to the next
_GAP: Final = 24  # between two boxes of a layer
_PASSAGE: Final = 4  # height of a long edge's passage
_WEIGHT: Final = 6  # of a passage, against a box
_SWEEPS: Final = 4
_MAX_PASSAGES: Final = 6_000  # the longest edges go without one: time stays in proportion


@dataclass(frozen=True, slots=True)
class Layout:
    """`places`: the top left corner of each box. `bends`: left ends of the passages that a long edge takes, each as wide as a box."""

    places: dict[int, Point]
    bends: dict[Pair, list[Point]]


def layered(codes: Iterable[int], pairs: Iterable[Pair]) -> Layout:
    """Lay out any graph: with cycles, loops, doubled edges, in pieces. Edges to unknown codes are left out."""
    known, edges = numbered(codes, pairs)
    layout = Layout({}, {})
    drawn = [_piece(nodes, own) for nodes, own in pieces(len(known), edges)]
    for piece, (left, top) in zip(drawn, _shelves([piece.size for piece in drawn]), strict=True):
        for at, (x, y) in piece.places.items():
            layout.places[known[at]] = x + left, y + top
        for (a, b), bends in piece.bends.items():
            layout.bends[known[a], known[b]] = [(x + left, y + top) for x, y in bends]
    return layout


@dataclass(frozen=True, slots=True)
class _Piece:
    places: dict[int, Point]
    bends: dict[Pair, list[Point]]
    size: Point


def _shelves(sizes: Sequence[Point]) -> list[Point]:
    """Return a corner for each piece: in rows about as wide as all is high, so that many small pieces make no tower."""
    area = sum((width + ACROSS - WIDTH) * (height + 2 * _GAP) for width, height in sizes)
    limit = max([int((2 * area) ** 0.5), *(width for width, _ in sizes)])
    corners: list[Point] = []
    x = y = below = 0
    for width, height in sizes:
        if x and x + width > limit:
            x, y = 0, below
        corners.append((x, y))
        x += width + ACROSS - WIDTH
        below = max(below, y + height + 2 * _GAP)
    return corners


def _piece(nodes: list[int], edges: list[Pair]) -> _Piece:
    """Lay out one connected piece; its top left corner is 0, 0."""
    forward = without_cycles(nodes, edges)
    layer_of = layers(nodes, forward)
    chains = _chains(layer_of, forward)
    heights = {**dict.fromkeys(nodes, HEIGHT), **{at: _PASSAGE for chain in chains.values() for at in chain}}
    links = [link for edge in forward for link in _links(edge, chains)]
    y_of = _arranged(layer_of, links, heights)
    top = min(y_of.values())
    lefts = _lefts(layer_of)
    places = {at: (lefts[layer_of[at]], y_of[at] - top) for at in nodes}
    bends = {
        edge: [(lefts[layer_of[at]], y_of[at] - top + _PASSAGE // 2) for at in chain] for edge, chain in chains.items()
    }
    return _Piece(places, bends, (lefts[-1] + WIDTH, max(y_of[at] + heights[at] for at in y_of) - top))


def _lefts(layer_of: dict[int, int]) -> list[int]:
    """Return where each layer begins: the more lines may turn between two of them, the wider they stand apart."""
    counts = Counter(layer_of.values())
    lefts = [0]
    for layer in range(1, len(counts)):
        most = max(counts[layer - 1], counts[layer])
        lefts.append(lefts[-1] + WIDTH + min(240, 68 + 3 * most))
    return lefts


def _chains(layer_of: dict[int, int], edges: list[Pair]) -> dict[Pair, list[int]]:
    """Give each long edge a passage in every layer it crosses; they are added to `layer_of`."""
    chains: dict[Pair, list[int]] = {}
    number, made = max(layer_of) + 1, 0
    for a, b in sorted(edges, key=lambda edge: layer_of[edge[1]] - layer_of[edge[0]]):
        between = range(layer_of[a] + 1, layer_of[b])
        if len(between) and made + len(between) <= _MAX_PASSAGES:
            chains[a, b] = list(range(number + made, number + made + len(between)))
            layer_of.update(zip(chains[a, b], between, strict=True))
            made += len(between)
    return chains


def _links(edge: Pair, chains: dict[Pair, list[int]]) -> Iterable[Pair]:
    ends = [edge[0], *chains.get(edge, ()), edge[1]]
    return itertools.pairwise(ends)


def _arranged(layer_of: dict[int, int], links: list[Pair], heights: dict[int, int]) -> dict[int, int]:
    """Return the top of each: barycentres decide the order within a layer, then least squares the height."""
    before: dict[int, list[int]] = {at: [] for at in layer_of}
    after: dict[int, list[int]] = {at: [] for at in layer_of}
    for a, b in links:
        after[a].append(b)
        before[b].append(a)
    rows: list[list[int]] = [[] for _ in range(max(layer_of.values()) + 1)]
    for at in _walked(layer_of, before, after):
        rows[layer_of[at]].append(at)
    middle = {at: float(rank) for layer in rows for rank, at in enumerate(layer)}
    for _ in range(_SWEEPS):
        _sort_all(rows, before, middle)
        _sort_all(rows[::-1], after, middle)
    _sort_all(rows, before, middle)
    return _heights(rows, before, after, heights)


def _walked(layer_of: dict[int, int], before: dict[int, list[int]], after: dict[int, list[int]]) -> list[int]:
    """Return all in the order of a walk in depth: what belongs together starts together."""
    seen: dict[int, None] = {}
    for root in sorted(layer_of, key=lambda at: (bool(before[at]), at)):
        trail = [root]
        while trail:
            at = trail.pop()
            if at not in seen:
                seen[at] = None
                trail += reversed(after[at])
    return list(seen)


def _sort_all(rows: list[list[int]], near: dict[int, list[int]], middle: dict[int, float]) -> None:
    """Sort each layer by the mean rank of the neighbours on one side; `middle` keeps the ranks."""
    for layer in rows:
        wanted = {at: _mean([middle[other] for other in near[at]], middle[at]) for at in layer}
        layer.sort(key=wanted.__getitem__)
        middle.update((at, float(rank)) for rank, at in enumerate(layer))


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _heights(
    rows: list[list[int]], before: dict[int, list[int]], after: dict[int, list[int]], heights: dict[int, int]
) -> dict[int, int]:
    y_of: dict[int, int] = {}
    for layer in rows:
        y_of.update(_spaced(layer, dict.fromkeys(layer, 0.0), heights))
    both = {at: before[at] + after[at] for at in before}
    for near in (before, after, before, after, both, before):  # ends with what makes chains straight
        for layer in rows[::-1] if near is after else rows:
            wanted = {at: _wanted(at, near[at], y_of, heights) for at in layer}
            y_of.update(_spaced(layer, wanted, heights))
    return y_of


def _wanted(at: int, near: list[int], y_of: dict[int, int], heights: dict[int, int]) -> float:
    """Return the top that puts the middle of `at` at the mean of its neighbours' middles."""
    return _mean([y_of[other] + heights[other] / 2 for other in near], y_of[at] + heights[at] / 2) - heights[at] / 2


def _spaced(layer: list[int], wanted: dict[int, float], heights: dict[int, int]) -> dict[int, int]:
    """Return tops nearest to those wanted (least squares) that keep order and gaps: neighbours that clash are moved as one.

    Passages weigh more than boxes: a long edge should be straight.
    """
    offsets: list[int] = []
    blocks: list[tuple[float, int, int]] = []  # (mean of wanted minus offset, weight, how many)
    offset = 0
    for at in layer:
        offsets.append(offset)
        mean, weight, count = wanted[at] - offset, _WEIGHT if heights[at] == _PASSAGE else 1, 1
        while blocks and blocks[-1][0] >= mean:
            other, heavy, many = blocks.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)
            weight, count = weight + heavy, count + many
        blocks.append((mean, weight, count))
        offset += heights[at] + _GAP
    tops = [round(mean) for mean, _, count in blocks for _ in range(count)]
    return {at: top + offset for at, top, offset in zip(layer, tops, offsets, strict=True)}
