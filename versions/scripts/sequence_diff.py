"""How two sequences differ, in time that grows with their length and little more, whatever somebody published.

difflib alone takes minutes for a line of a thousand words. Here what begins and ends alike is set aside, what stands once on both sides
holds the rest together, and difflib only sees the small gaps between; a large gap without such a hold counts as changed as a whole, and
so does every gap once a page's cells are used up.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

SMALL: Final = 10_000  # cells (left times right) that difflib may look at in one gap
PAGE: Final = 500_000  # and in all gaps of all texts of one page, or one call for sentences

Block = tuple[int, int, int]  # equal: left from, right from, length
Opcode = tuple[str, int, int, int, int]  # as difflib's: tag, left from, left to, right from, right to


@dataclass(slots=True)
class Cells:
    """How many cells difflib may still look at."""

    left: int = PAGE

    def take(self, count: int) -> bool:
        if count > min(SMALL, self.left):
            return False
        self.left -= count
        return True


def opcodes(left: Sequence[str], right: Sequence[str], cells: Cells | None = None) -> list[Opcode]:
    """Return the steps from left to right: "equal", "replace", "delete" and "insert", in order, without a gap."""
    cells = cells or Cells()
    steps: list[Opcode] = []
    i = j = 0
    for at_left, at_right, size in [*_joined(_blocks(left, right, cells)), (len(left), len(right), 0)]:
        if i < at_left or j < at_right:
            tag = "replace" if i < at_left and j < at_right else "delete" if i < at_left else "insert"
            steps.append((tag, i, at_left, j, at_right))
        if size:
            steps.append(("equal", at_left, at_left + size, at_right, at_right + size))
        i, j = at_left + size, at_right + size
    return steps


def _blocks(left: Sequence[str], right: Sequence[str], cells: Cells) -> Iterator[Block]:
    """Yield the equal blocks in order."""
    head = _common(left, right)
    tail = _common(left[head:][::-1], right[head:][::-1])
    yield 0, 0, head
    inner_left, inner_right = left[head : len(left) - tail], right[head : len(right) - tail]
    done_left = done_right = 0
    for at_left, at_right in [*_anchors(inner_left, inner_right), (len(inner_left), len(inner_right))]:
        gap = inner_left[done_left:at_left], inner_right[done_right:at_right]
        yield from _gap(*gap, head + done_left, head + done_right, cells)
        if at_left < len(inner_left):
            yield head + at_left, head + at_right, 1
        done_left, done_right = at_left + 1, at_right + 1
    yield len(left) - tail, len(right) - tail, tail


def _gap(left: Sequence[str], right: Sequence[str], i: int, j: int, cells: Cells) -> Iterator[Block]:
    """Yield the equal blocks of a gap; `i` and `j` say where it begins."""
    head = _common(left, right)
    yield i, j, head
    left, right, i, j = left[head:], right[head:], i + head, j + head
    tail = _common(left[::-1], right[::-1])
    inner_left, inner_right = left[: len(left) - tail], right[: len(right) - tail]
    if inner_left and inner_right and cells.take(len(inner_left) * len(inner_right)):
        for block in SequenceMatcher(None, inner_left, inner_right, autojunk=False).get_matching_blocks():
            yield i + block.a, j + block.b, block.size
    yield i + len(left) - tail, j + len(right) - tail, tail


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many items both begin with."""
    bound = min(len(left), len(right))
    return next((index for index in range(bound) if left[index] != right[index]), bound)


def _anchors(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest run of items that stand once on both sides, in the same order on both."""
    counts, others = Counter(left), Counter(right)
    places = {item: index for index, item in enumerate(right) if others[item] == 1}
    pairs = [(index, places[item]) for index, item in enumerate(left) if counts[item] == 1 and item in places]
    ends: list[int] = []  # of the runs by length: the smallest place a run of that length ends at
    holders: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(holders[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        holders[length : length + 1] = [number]
    run: list[tuple[int, int]] = []
    number = holders[-1] if holders else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _joined(blocks: Iterator[Block]) -> Iterator[Block]:
    """Drop empty blocks and make one of those that touch."""
    held: Block | None = None
    for i, j, size in blocks:
        if not size:
            continue
        if held is not None and (held[0] + held[2], held[1] + held[2]) == (i, j):
            held = (held[0], held[1], held[2] + size)
            continue
        if held is not None:
            yield held
        held = (i, j, size)
    if held is not None:
        yield held
