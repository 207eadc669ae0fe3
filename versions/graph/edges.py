"""The line of a dependency: from border to border, with its arrow head. SVG path data of whole numbers, no more than needed."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from versions.graph.layout import HEIGHT, WIDTH, Point
from versions.graph.taken import Taken

Stretch = tuple[int, int, int]  # a level part of a line: where it begins, and how far it runs (to the left: negative)

_NEAR: Final = 20  # boxes nearer than this, side by side, have no room for a curve between them
_HEADS: Final = {"right": "m-7-4l7 4-7 4", "left": "m7-4l-7 4 7 4", "down": "m-4-7l4 7 4-7", "up": "m-4 7l4-7 4 7"}
_TURN: Final = 60  # room for a line to change its height
_DETOURS: Final = [sign * step for step in range(36, 36 * 7, 36) for sign in (-1, 1)]


def line(start: Point, end: Point, passages: Sequence[Point] = (), taken: Taken | None = None) -> tuple[str, Point]:
    """Return the path from one box (top left corner) to another and its middle, where a sign may stand.

    `passages` are the left ends of free ways as wide as a box, from left to right; else a way round what is `taken` is looked for.
    """
    (x1, y1), (x2, y2) = start, end
    if start == end:
        return _loop(x1, y1)
    if abs(x2 - x1) >= WIDTH + _NEAR:
        is_right = x2 > x1
        out, into = (x1 + WIDTH * is_right, y1 + HEIGHT // 2), (x2 + WIDTH * (not is_right), y2 + HEIGHT // 2)
        ways = [(x, y, WIDTH) for x, y in passages if is_right] or _way_round(out, into, taken)
        head = "right" if is_right else "left"
        return _through(out, into, ways, head) if ways else _curve(out, into, head)
    if y2 - y1 >= HEIGHT + _NEAR:
        return _curve((x1 + WIDTH // 2, y1 + HEIGHT), (x2 + WIDTH // 2, y2), "down")
    if y1 - y2 >= HEIGHT + _NEAR:
        return _curve((x1 + WIDTH // 2, y1), (x2 + WIDTH // 2, y2 + HEIGHT), "up")
    return _over((x1, y1), (x2, y2))


def _curve(start: Point, end: Point, way: str) -> tuple[str, Point]:
    (x1, y1), (x2, y2) = start, end
    across, down = x2 - x1, y2 - y1
    if way in ("right", "left"):
        bend = _reach(across)
        curve = f"c{bend} 0 {across - bend} {down} {across} {down}"
    else:
        bend = _reach(down)
        curve = f"c0 {bend} {across} {down - bend} {across} {down}"
    return f"M{x1} {y1}{curve}{_HEADS[way]}", ((x1 + x2) // 2, (y1 + y2) // 2)


def _reach(distance: int) -> int:
    """Return how far the curve keeps its direction: half the way, but a long edge bends soon."""
    return max(-90, min(90, distance // 2))


def _way_round(out: Point, into: Point, taken: Taken | None) -> list[Stretch]:
    """Return the level way that meets the fewest boxes; none where nothing is in the way or no way is better."""
    turn = _TURN if into[0] > out[0] else -_TURN
    begin, run = out[0] + turn, into[0] - out[0] - 2 * turn
    if taken is None or run * turn < turn * turn:
        return []
    least, best = sum(taken.covers(x, y) for x, y in _along(out, into)), []
    heights = [base + detour for detour in _DETOURS for base in ((out[1] + into[1]) // 2, out[1], into[1])]
    for y in heights if least else ():
        hits = _hits(taken, out, (begin, y), (begin + run, y), into)
        if hits < least:
            least, best = hits, [(begin, y, run)]
        if not hits:
            break
    return best


def _hits(taken: Taken, *corners: Point) -> int:
    """Return how many points of a line lie in boxes."""
    return sum(taken.covers(x, y) for start, end in itertools.pairwise(corners) for x, y in _level(start, end))


def _along(out: Point, into: Point) -> Iterator[tuple[float, float]]:
    """Yield points of the curve `_curve` draws between the sides of two boxes."""
    across, down = into[0] - out[0], into[1] - out[1]
    bend, steps = _reach(across), max(4, abs(across) // 40)
    for step in range(1, steps):
        t = step / steps
        first, second, last = 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        yield out[0] + first * bend + second * (across - bend) + last * across, out[1] + (second + last) * down


def _level(start: Point, end: Point) -> Iterator[tuple[float, float]]:
    """Yield points of a part of a way round, without its ends."""
    steps = max(4, abs(end[0] - start[0]) // 40)
    for step in range(1, steps):
        part = step / steps
        bent = part * part * (3 - 2 * part)  # much as the curves go
        yield start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * bent


def _through(out: Point, into: Point, ways: Sequence[Stretch], head: str) -> tuple[str, Point]:
    x, y = out
    path = f"M{x} {y}"
    for next_x, next_y, run in [*ways, (*into, 0)]:
        across, down = next_x - x, next_y - y
        path += f"c{across // 2} 0 {across - across // 2} {down} {across} {down}" if down else f"h{across}"
        path += f"h{run}" if run else ""
        x, y = next_x + run, next_y
    middle_x, middle_y, run = ways[len(ways) // 2]
    return path + _HEADS[head], (middle_x + run // 2, middle_y)


def _loop(x: int, y: int) -> tuple[str, Point]:
    """A task that waits for itself: over its upper right corner."""
    right = x + WIDTH
    path = f"M{right} {y + 24}C{right + 44} {y + 24} {right - 40} {y - 44} {right - 40} {y}{_HEADS['down']}"
    return path, (right + 4, y - 12)


def _over(start: Point, end: Point) -> tuple[str, Point]:
    """Boxes side by side without room between them: over their heads."""
    x1, x2 = start[0] + WIDTH // 2, end[0] + WIDTH // 2
    y1, y2 = start[1], end[1]
    top = min(y1, y2) - 40
    path = f"M{x1} {y1}C{x1} {top} {x2} {top} {x2} {y2}{_HEADS['down']}"
    return path, ((x1 + x2) // 2, min(y1, y2) - 30)
