"""Which parts of a sheet boxes cover. A look costs a few cells, however many boxes there are."""

from collections.abc import Iterable
from typing import Final

from versions.graph.layout import HEIGHT, WIDTH

MARGIN: Final = 16  # between a box of ours and any other
_COLUMN: Final = WIDTH + MARGIN
_ROW: Final = HEIGHT + MARGIN


class Taken:
    """Boxes by the cell their top left corner is in."""

    def __init__(self, corners: Iterable[tuple[float, float]] = ()) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
        for x, y in corners:
            self.add(x, y)

    def add(self, x: float, y: float) -> None:
        self._cells.setdefault((int(x // _COLUMN), int(y // _ROW)), []).append((x, y))

    def is_free(self, x: float, y: float, *, margin: int) -> bool:
        """Whether a box would stand clear of all others; margin <= MARGIN."""
        column, row = int(x // _COLUMN), int(y // _ROW)
        return not any(
            abs(x - other_x) < WIDTH + margin and abs(y - other_y) < HEIGHT + margin
            for near_column in (column - 1, column, column + 1)
            for near_row in (row - 1, row, row + 1)
            for other_x, other_y in self._cells.get((near_column, near_row), ())
        )

    def covers(self, x: float, y: float) -> bool:
        """Whether a point lies in a box or right at its border."""
        column, row = int((x + 4) // _COLUMN), int((y + 4) // _ROW)
        for near_column in (column - 1, column):
            for near_row in (row - 1, row):
                for other_x, other_y in self._cells.get((near_column, near_row), ()):
                    if other_x - 4 < x < other_x + WIDTH + 4 and other_y - 4 < y < other_y + HEIGHT + 4:
                        return True
        return False
