"""Two texts as the hunks of a unified diff, in time that grows with their length."""

from collections.abc import Iterator, Sequence
from typing import Final

from versions.scripts.sequence_diff import Cells, Opcode, opcodes

CONTEXT: Final = 3  # equal lines around a change


def hunks(left: Sequence[str], right: Sequence[str], cells: Cells | None = None) -> Iterator[list[str]]:
    """Yield hunks as lists of lines, the first one `@@ -1,3 +1,4 @@`."""
    for group in _groups(opcodes(left, right, cells)):
        lines = [f"@@ -{_range(group[0][1], group[-1][2])} +{_range(group[0][3], group[-1][4])} @@"]
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [f" {line}" for line in left[i1:i2]]
            else:
                lines += [f"-{line}" for line in left[i1:i2]] + [f"+{line}" for line in right[j1:j2]]
        yield lines


def _groups(steps: list[Opcode]) -> Iterator[list[Opcode]]:
    """Yield the steps of each hunk: changes with what is equal around them, parted where more is equal than their surroundings need."""
    group: list[Opcode] = []
    for tag, i1, i2, j1, j2 in steps:
        if tag != "equal":
            group.append((tag, i1, i2, j1, j2))
            continue
        if group and i2 - i1 > 2 * CONTEXT:
            yield [*group, (tag, i1, i1 + CONTEXT, j1, j1 + CONTEXT)]
            group = []
        start = max(i1, i2 - CONTEXT) if not group else i1
        group.append((tag, start, i2, j1 + start - i1, j2))
    if any(tag != "equal" for tag, *_ in group):
        tag, i1, i2, j1, j2 = group[-1]
        if tag == "equal":
            group[-1] = (tag, i1, min(i2, i1 + CONTEXT), j1, min(j2, j1 + CONTEXT))
        yield group


def _range(start: int, end: int) -> str:
    """Return lines as a unified diff counts them: from 1, and before an empty range the line it follows."""
    length = end - start
    return str(start + 1) if length == 1 else f"{start + 1 if length else start},{length}"
