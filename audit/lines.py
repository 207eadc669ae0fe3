"""One line of the log for an entry: `name=value`, in quotes where a value could be taken for something else."""

import json
import re

_PLAIN = re.compile(r"[^\s\"=\\]+\Z")


def line(**values: object) -> str:
    """Return `name=value` pairs on one line, whatever stands in the values; empty ones are left out."""
    return " ".join(f"{name}={_quoted(text)}" for name, value in values.items() if (text := _text(value)))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _quoted(text: str) -> str:
    """A line break or a control character would be read as a new line, or by a terminal: written as an escape."""
    if _PLAIN.match(text) and text.isprintable():
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in quoted)
