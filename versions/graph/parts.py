"""What a drawing consists of. Its templates read nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, gettext_noop

from versions.graph.layout import HEIGHT, WIDTH

MARKS: Final = {"A": gettext_noop("added"), "D": gettext_noop("removed"), "M": gettext_noop("modified")}
_LISTED: Final = 300  # up to so many tasks a graph is told as text too


@dataclass(frozen=True, slots=True)
class Node:
    """One box, its top left corner at x, y. `name` is cut to the box, `title` is whole. `far`: neither changed nor next to a change.

    `is_link`: its page has a place for it; a page of differences has none for unchanged tasks.
    """

    code: int
    name: str
    title: str
    type: str
    x: int
    y: int
    mark: str = ""
    is_disabled: bool = False
    far: bool = False
    is_link: bool = True
    followers: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What a screen reader and the tooltip say: "load_dwd, SQL, modified"."""
        words = [self.title, self.type, gettext(MARKS[self.mark]) if self.mark else ""]
        return ", ".join(word for word in [*words, gettext("disabled") if self.is_disabled else ""] if word)

    @property
    def classes(self) -> str:
        return "".join(f" {word}" for word in (self.mark, "off" * self.is_disabled, "x" * self.far) if word)

    @property
    def corner(self) -> int:
        """Radius of the corners: shapes differ as colours do (a modified box has its corners cut off)."""
        return {"A": HEIGHT // 2, "D": 0}.get(self.mark, 8)

    @property
    def inner_corner(self) -> int:
        return max(0, self.corner - 5)


@dataclass(frozen=True, slots=True)
class Edge:
    """One line; `mid_x`, `mid_y` its middle. `ends`: places of its boxes in `Graph.nodes`, "3 17"."""

    path: str
    title: str
    ends: str
    mid_x: int
    mid_y: int
    mark: str = ""
    far: bool = False

    @property
    def classes(self) -> str:
        return " ".join(word for word in (self.mark, "x" * self.far) if word)


@dataclass(frozen=True, slots=True)
class Graph:
    """`left_out`: tasks that are there and not drawn; `loose`: dependencies on tasks that are not there."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    tasks: int
    dependencies: int
    box: tuple[int, int, int, int] = (0, 0, WIDTH, HEIGHT)
    left_out: int = 0
    loose: int = 0
    counts: Mapping[str, int] | None = None
    is_ours: bool = False
    name: str = ""

    @property
    def view_box(self) -> str:
        return " ".join(map(str, self.box))

    @property
    def width(self) -> int:
        """Pixels across where no script fits it to its frame."""
        return self.box[2] * 7 // 10

    @property
    def height(self) -> int:
        return self.box[3] * 7 // 10

    @property
    def is_long(self) -> bool:
        """Whether all of it, drawn as wide as a window, would be a stripe: its frame is made higher."""
        return self.box[2] > 2_400

    @property
    def is_wide(self) -> bool:
        """Whether two of it stand better one above the other."""
        return self.box[2] > 2 * self.box[3]

    @property
    def has_disabled(self) -> bool:
        return any(node.is_disabled for node in self.nodes)

    @property
    def is_listed(self) -> bool:
        """Whether it is short enough to be told as text too."""
        return 0 < len(self.nodes) <= _LISTED
