"""A definition as lines of text: canonical JSON with one field a line, texts of several lines opened up, one edge a line.

A line of an opened text begins with "|", which no line of JSON does. What would turn or hide text around it is written as \\u....
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from definitions.document import Document, Json

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """Return the text with control characters and marks of direction as \\u....; tabs and line feeds stay."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def plain(value: Any) -> str:
    """Return a value on one line: a text as it is, anything else as JSON, nothing as nothing."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def head_lines(document: Document) -> list[str]:
    return ["{", *_entry("name", document.name, 1), *_entry("settings", document.settings, 1), '  "tasks": {']


def task_lines(code: int, task: Json) -> list[str]:
    return list(_entry(str(code), task, 2))


def tail_lines(document: Document, *, with_layout: bool) -> list[str]:
    lines = ["  },", '  "relations": [', *(f"    {_line(relation)}," for relation in document.relations), "  ],"]
    lines += _entry("schedule", document.schedule, 1)
    if with_layout:
        boxes = sorted((document.layout or {}).items())
        lines += ['  "layout": {', *(f'    "{code}": {_line(box)},' for code, box in boxes), "  }"]
    return [*lines, "}"]


def _entry(key: str, value: Any, depth: int) -> Iterator[str]:
    """Yield `"key": value,` as lines; every entry ends in a comma, so that an entry after it doesn't change its line."""
    pad = "  " * depth
    name = f"{pad}{_line(key)}: "
    if isinstance(value, dict) and value:
        yield f"{name}{{"
        for inner in sorted(value):
            yield from _entry(inner, value[inner], depth + 1)
        yield f"{pad}}},"
    elif isinstance(value, list) and value:
        yield f"{name}["
        yield from (f"{pad}  {_line(item)}," for item in value)
        yield f"{pad}],"
    elif isinstance(value, str) and "\n" in value:
        yield f"{name}|"
        yield from (f"{pad}  |{visible(line)}" for line in value.split("\n"))
    else:
        yield f"{name}{_line(value)},"


def _line(value: Any) -> str:
    return visible(json.dumps(value, ensure_ascii=False, sort_keys=True))
