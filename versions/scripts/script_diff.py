"""Two texts as rows: equal, changed, added and removed lines in their colours, the changed words marked, long equal parts folded.

Bounded whatever the texts are: no more than a number of rows, each of a number of characters; what is left out is counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from versions.scripts.colours import Share, raw_lines
from versions.scripts.languages import language
from versions.scripts.line_pairs import line_pairs
from versions.scripts.line_pieces import Line, text_of, tidy, with_words
from versions.scripts.sequence_diff import Opcode, opcodes
from versions.scripts.text_lines import WORDS, compared, counts, too_long
from versions.wording.plain_text import common_start

CONTEXT: Final = 3  # equal lines kept around a change
ROWS: Final = 1_000  # of one text
LONG_LINE: Final = 20_000  # characters of a line that is compared by words


@dataclass(frozen=True, slots=True)
class Row:
    """`kind` is equal, modified (words marked), replaced, added, removed or fold; `folded` counts the lines of a fold."""

    kind: str
    left_number: int | None = None
    right_number: int | None = None
    left: Line | None = None
    right: Line | None = None
    folded: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """`added` and `removed` count all changed lines, `left_out` those that no row shows."""

    rows: list[Row]
    added: int
    removed: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class _Sides:
    """Plain lines decide, coloured ones are shown."""

    left: list[str]
    right: list[str]
    left_shown: list[Line]
    right_shown: list[Line]
    share: Share


def side_by_side(
    before: str, after: str, *, task_type: str = "", field: str = "", limit: int = ROWS, share: Share | None = None
) -> Script | None:
    """Return the rows, None where a text is too long to be compared line by line."""
    if too_long(before, after):
        return None
    share = share or Share()
    left, right, steps = compared(before, after, share.cells)
    name = language(after or before, task_type, field)
    sides = _Sides(left, right, raw_lines("".join(left), name, share), raw_lines("".join(right), name, share), share)
    rows = list(islice(_rows(sides, steps), limit))
    added, removed = counts(steps)
    shown = sum((row.left is not None) + (row.right is not None) for row in rows if row.kind not in ("equal", "fold"))
    return Script(rows, added, removed, added + removed - shown)


def unified(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the same lines below each other: of every block first what was, then what is."""
    block: list[Row] = []
    for row in rows:
        if row.kind in ("equal", "fold"):
            yield from _below(block)
            block = []
            yield row
        else:
            block.append(row)
    yield from _below(block)


def _below(block: list[Row]) -> Iterator[Row]:
    yield from (Row("removed", row.left_number, None, row.left) for row in block if row.left is not None)
    yield from (Row("added", None, row.right_number, None, row.right) for row in block if row.right is not None)


def _rows(sides: _Sides, steps: list[Opcode]) -> Iterator[Row]:
    for number, (tag, i1, i2, j1, j2) in enumerate(steps):
        if tag == "equal":
            yield from _equal(sides, i1, i2, j1, first=number == 0, last=number == len(steps) - 1)
        else:
            yield from _changed(sides, i1, i2, j1, j2)


def _equal(sides: _Sides, start: int, end: int, other: int, *, first: bool, last: bool) -> Iterator[Row]:
    head = 0 if first else CONTEXT
    tail = 0 if last else CONTEXT
    folded = end - start - head - tail
    if folded <= 1:  # a fold of one line saves nothing
        head, tail, folded = end - start, 0, 0
    for index in range(start, start + head):
        yield _same(sides, index, other + index - start)
    if folded:
        yield Row("fold", folded=folded)
    for index in range(end - tail, end):
        yield _same(sides, index, other + index - start)


def _same(sides: _Sides, at_left: int, at_right: int) -> Row:
    line = tidy(sides.right_shown[at_right])
    return Row("equal", at_left + 1, at_right + 1, line, line)


def _changed(sides: _Sides, i1: int, i2: int, j1: int, j2: int) -> Iterator[Row]:
    for old, new, alike in line_pairs(sides.left[i1:i2], sides.right[j1:j2]):
        left = None if old is None else sides.left_shown[i1 + old]
        right = None if new is None else sides.right_shown[j1 + new]
        numbers = None if old is None else i1 + old + 1, None if new is None else j1 + new + 1
        if left is None or right is None:
            kind = "added" if left is None else "removed"
        elif alike and (words := _words(text_of(left), text_of(right), sides.share)):
            kind, left, right = "modified", with_words(left, words[0]), with_words(right, words[1])
        else:
            kind = "replaced"
        before, after = (None if line is None else tidy(line, is_changed=True) for line in (left, right))
        yield Row(kind, *numbers, before, after)


Words = list[tuple[str, bool]]


def _words(old: str, new: str, share: Share) -> tuple[Words, Words] | None:
    """Return both lines in runs of equal and changed words, None where no word is the same."""
    share.words -= len(old) + len(new)
    if max(len(old), len(new)) > LONG_LINE or share.words < 0:
        return _ends_alike(old, new)
    before, after = WORDS.findall(old), WORDS.findall(new)
    left: Words = []
    right: Words = []
    same = False
    for tag, i1, i2, j1, j2 in opcodes(before, after, share.cells):
        changed = tag != "equal"
        same = same or (not changed and any(not word.isspace() for word in before[i1:i2]))
        if i2 > i1:
            left.append(("".join(before[i1:i2]), changed))
        if j2 > j1:
            right.append(("".join(after[j1:j2]), changed))
    return (left, right) if same or not old.strip() or not new.strip() else None


def _ends_alike(old: str, new: str) -> tuple[Words, Words]:
    """Mark all between what both begin and end with: words of a line of megabytes cost seconds."""
    head = common_start(old, new)
    tail = common_start(old[head:][::-1], new[head:][::-1])
    left, right = (
        [(text[:head], False), (text[head : len(text) - tail], True), (text[len(text) - tail :], False)]
        for text in (old, new)
    )
    return left, right
