"""Foreign text on one line: names and values may hold line feeds, control characters and marks that turn the text around them."""

import re
from typing import Final

LONG: Final = 60  # characters a value may have inside a sentence
_NAME: Final = 120  # DolphinScheduler takes 200
_AHEAD: Final = 15  # characters kept before the first difference of two long values

_SPACES = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
# Controls, and what sets the direction of the text that follows; joiners inside emoji and scripts stay.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def one_line(text: str) -> str:
    """Return the text without line feeds and controls."""
    return _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()


def name(text: str) -> str:
    """Return a name fit for a sentence, a blank one as quotes."""
    return cut(one_line(text[: 4 * _NAME]), _NAME) or '""'


def cut(text: str, length: int = LONG) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def cut_pair(before: str, after: str, length: int = LONG) -> tuple[str, str]:
    """Cut two values so that their difference stays in sight."""
    if max(len(before), len(after)) <= length:
        return before, after
    same = common_start(before, after)
    if same < length - _AHEAD:
        return cut(before, length), cut(after, length)
    start = same - _AHEAD
    return cut(f"…{before[start:]}", length), cut(f"…{after[start:]}", length)


def common_start(before: str, after: str) -> int:
    """Return how many characters both begin with, by halving: values may be megabytes long."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if before[low:middle] == after[low:middle] else (low, middle - 1)
    return low
