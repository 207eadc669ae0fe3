"""Names of tasks, short enough for their boxes. A Chinese character is as wide as two Latin ones."""

import itertools
import unicodedata


def cut(name: str, cells: int) -> str:
    """Cut a name in its middle: what tells names apart often stands at their ends."""
    if sum(map(_cells, name)) <= cells:
        return name
    head = _first(name, cells * 6 // 10)
    tail = _first(name[::-1], cells - 1 - cells * 6 // 10)[::-1]
    return f"{head}…{tail}"


def _first(text: str, cells: int) -> str:
    for length, used in enumerate(itertools.accumulate(map(_cells, text))):
        if used > cells:
            return text[:length]
    return text


def _cells(char: str) -> int:
    return 0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
