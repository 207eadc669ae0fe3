"""What all formats of an export are made from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from definitions.compare import Comparison
from definitions.document import Document
from versions.comparison import Side, schedule_unknown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Exported:
    """Two sides, what is shown of their comparison and what is hidden, both masked, and the most bytes the file may have."""

    left: Side
    right: Side
    shown: Comparison
    hidden: Comparison
    with_layout: bool
    limit: int

    @property
    def is_identical(self) -> bool:
        return self.shown.is_identical and self.hidden.is_identical

    def documents(self) -> tuple[Document, Document]:
        """Return both definitions, NOT masked; a schedule that one side does not know is left out of both."""
        left, right = self.left.document, self.right.document
        if schedule_unknown(self.left) or schedule_unknown(self.right):
            left, right = replace(left, schedule=None), replace(right, schedule=None)
        return left, right


def side_name(side: Side) -> str:
    """Return "v9", or the side's own name where it is no version."""
    return f"v{side.snapshot.version}" if side.snapshot is not None else side.name


def fitting(items: Iterable[T], size: Callable[[T], int], limit: int) -> tuple[list[T], list[T]]:
    """Return the items that fit into so many bytes together, and those that don't, in order: a large one keeps out no smaller one."""
    kept: list[T] = []
    left_out: list[T] = []
    for item in items:
        taken = size(item)
        if taken <= limit:
            limit -= taken
            kept.append(item)
        else:
            left_out.append(item)
    return kept, left_out


def bytes_of(lines: Iterable[str]) -> int:
    """Return what the lines take in a file."""
    return sum(len(line.encode("utf-8", "backslashreplace")) + 1 for line in lines)
