"""The line of a dependency: from border to border, with its arrow head. SVG path data of whole numbers, no more than needed."""

from collections.abc import Iterator, Sequence
from typing import Final

from versions.graph_layout import HEIGHT, WIDTH, Point

_NEAR: Final = 24  # boxes nearer than this, side by side, have no room for a curve between them
_HEADS: Final = {"right": "m-7-4l7 4-7 4", "left": "m7-4l-7 4 7 4", "down": "m-4-7l4 7 4-7", "up": "m-4 7l4-7 4 7"}


def line(start: Point, end: Point, bends: Sequence[Point] = ()) -> tuple[str, Point]:
    """Return the path from one box (top left corner) to another and its middle, where a sign may stand.

    `bends` are the left ends of passages as wide as a box, from left to right.
    """
    if bends:
        return _through(start, end, bends)
    (x1, y1), (x2, y2) = start, end
    if start == end:
        return _loop(x1, y1)
    if x2 - x1 >= WIDTH + _NEAR:
        return _curve((x1 + WIDTH, y1 + HEIGHT // 2), (x2, y2 + HEIGHT // 2), "right")
    if y2 - y1 >= HEIGHT + _NEAR:
        return _curve((x1 + WIDTH // 2, y1 + HEIGHT), (x2 + WIDTH // 2, y2), "down")
    if y1 - y2 >= HEIGHT + _NEAR:
        return _curve((x1 + WIDTH // 2, y1), (x2 + WIDTH // 2, y2 + HEIGHT), "up")
    if x1 - x2 >= WIDTH + _NEAR:
        return _curve((x1, y1 + HEIGHT // 2), (x2 + WIDTH, y2 + HEIGHT // 2), "left")
    return _over((x1, y1), (x2, y2))


def _curve(start: Point, end: Point, way: str) -> tuple[str, Point]:
    (x1, y1), (x2, y2) = start, end
    if way in ("right", "left"):
        bend = _reach(x2 - x1)
        path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}{_HEADS[way]}"
    else:
        bend = _reach(y2 - y1)
        path = f"M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}{_HEADS[way]}"
    return path, ((x1 + x2) // 2, (y1 + y2) // 2)


def _reach(distance: int) -> int:
    """Return how far the curve keeps its direction: half the way, but a long edge bends soon."""
    return max(-90, min(90, distance // 2))


def _through(start: Point, end: Point, bends: Sequence[Point]) -> tuple[str, Point]:
    x, y = start[0] + WIDTH, start[1] + HEIGHT // 2
    path = f"M{x} {y}"
    for next_x, next_y, run in _stops(end, bends):
        half = (next_x - x) // 2
        path += f"C{x + half} {y} {next_x - half} {next_y} {next_x} {next_y}" + (f"h{run}" if run else "")
        x, y = next_x + run, next_y
    middle = bends[len(bends) // 2]
    return path + _HEADS["right"], (middle[0] + WIDTH // 2, middle[1])


def _stops(end: Point, bends: Sequence[Point]) -> Iterator[tuple[int, int, int]]:
    for x, y in bends:
        yield x, y, WIDTH
    yield end[0], end[1] + HEIGHT // 2, 0


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
