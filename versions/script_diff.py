"""Two texts side by side: rows of equal, changed, added and removed lines, with the changed words marked and long equal parts folded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from versions.sequence_diff import opcodes

CONTEXT = 3  # equal lines kept around a change
MAX_LINES = 4_000  # of either side; more is shown as the two texts, uncompared
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Row:
    """`kind` is equal, modified, added, removed or fold; texts as pieces, True where changed; `folded` counts lines of a fold."""

    kind: str
    left_number: int | None = None
    right_number: int | None = None
    left: Pieces | None = None
    right: Pieces | None = None
    folded: int = 0


def side_by_side(before: str, after: str) -> list[Row] | None:
    """Return the rows, None where a text is too long to be compared line by line."""
    left, right = before.splitlines(), after.splitlines()
    if max(len(left), len(right)) > MAX_LINES:
        return None
    rows: list[Row] = []
    steps = opcodes(left, right)
    for number, (tag, i1, i2, j1, j2) in enumerate(steps):
        if tag == "equal":
            rows += _equal(left, i1, i2, j1, first=number == 0, last=number == len(steps) - 1)
        else:
            rows += _changed(left[i1:i2], right[j1:j2], i1, j1)
    return rows


def _equal(lines: list[str], start: int, end: int, other: int, *, first: bool, last: bool) -> Iterator[Row]:
    head = 0 if first else CONTEXT
    tail = 0 if last else CONTEXT
    folded = end - start - head - tail
    for index in range(start, end):
        offset = index - start
        if folded > 1 and head <= offset < head + folded:
            if offset == head:
                yield Row("fold", folded=folded)
            continue
        pieces = [(lines[index], False)]
        yield Row("equal", index + 1, other + offset + 1, pieces, pieces)


def _changed(left: list[str], right: list[str], i1: int, j1: int) -> Iterator[Row]:
    for offset, (old, new) in enumerate(zip_longest(left, right)):
        if new is None:
            yield Row("removed", i1 + offset + 1, None, [(old, False)], None)
        elif old is None:
            yield Row("added", None, j1 + offset + 1, None, [(new, False)])
        else:
            before, after = _words(old, new)
            yield Row("modified", i1 + offset + 1, j1 + offset + 1, before, after)


def _words(old: str, new: str) -> tuple[Pieces, Pieces]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    left: Pieces = []
    right: Pieces = []
    for tag, i1, i2, j1, j2 in opcodes(before, after):
        changed = tag != "equal"
        if i2 > i1:
            left.append(("".join(before[i1:i2]), changed))
        if j2 > j1:
            right.append(("".join(after[j1:j2]), changed))
    return left, right
