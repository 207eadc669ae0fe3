"""Texts as lines: what a line is, how many differ, and differences of line ends and blanks, which nobody sees."""

import re
from dataclasses import dataclass
from typing import Final

from versions.scripts.sequence_diff import Cells, Opcode, opcodes

# Chinese, Japanese and Korean have no blanks between words: there each sign is one.
_SIGNS: Final = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
WORDS: Final = re.compile(rf"[{_SIGNS}]|[^\W{_SIGNS}]+|[^\S\r\n]+|\r|\n|[^\w\s]")
MAX_LINES: Final = 50_000  # of either side; beyond, nothing is compared line by line


@dataclass(frozen=True, slots=True)
class Ends:
    """`before` and `after` "CRLF" or "LF" where all line ends changed, else ""; `last` tells what became of the last one."""

    before: str = ""
    after: str = ""
    last: str = ""  # added, removed or ""


def lines(text: str) -> list[str]:
    """Return the lines with their ends. Only a line feed ends a line: another character must not hide as one."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + parts[-1:] * (parts[-1] != "")


def ends(before: str, after: str) -> Ends:
    old, new = _ends(before), _ends(after)
    changed = {old, new} == {"CRLF", "LF"}
    last = ""
    if before and after and before.endswith("\n") != after.endswith("\n"):
        last = "added" if after.endswith("\n") else "removed"
    return Ends(old if changed else "", new if changed else "", last)


def compared(before: str, after: str, cells: Cells | None = None) -> tuple[list[str], list[str], list[Opcode]]:
    """Return the lines of both, and the steps between them. Where line ends changed throughout, lines are compared without them."""
    if ends(before, after).before:
        before, after = before.replace("\r\n", "\n"), after.replace("\r\n", "\n")
    left, right = lines(before), lines(after)
    return left, right, opcodes(left, right, cells)


def too_long(before: str, after: str) -> bool:
    return max(before.count("\n"), after.count("\n")) > MAX_LINES


def counts(steps: list[Opcode]) -> tuple[int, int]:
    """Return how many lines came and went."""
    changed = [step for step in steps if step[0] != "equal"]
    return sum(j2 - j1 for _, _, _, j1, j2 in changed), sum(i2 - i1 for _, i1, i2, _, _ in changed)


def only_blanks(before: str, after: str) -> bool:
    """Whether nothing but blanks and line ends differs."""
    return before.split() == after.split()


def _ends(text: str) -> str:
    """Return how all lines end, "" where there is no line end or they end differently."""
    both, feeds = text.count("\r\n"), text.count("\n")
    if not feeds or both not in (0, feeds):
        return ""
    return "CRLF" if both else "LF"
