"""Changed fields as rows of a table: a label, what was, what is. Lists entry by entry; objects are spread before."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from definitions.compare import Change
from versions.scripts.languages import looks_like_json
from versions.scripts.text_lines import too_long
from versions.wording.field_names import field_name
from versions.wording.list_changes import Entry, list_changes
from versions.wording.parts import ONE, SCRIPTS
from versions.wording.plain_text import cut, cut_pair
from versions.wording.values import Names, is_secret, pair, pair_of

_CELL: Final = 400  # characters of a value that are shown
_TEXT: Final = 160  # a value longer than that is compared as a text


@dataclass(frozen=True, slots=True)
class FieldRow:
    """`mark` is A, D or M; an added row has no `before`, a removed one no `after`."""

    name: str
    before: str
    after: str
    mark: str = "M"


def is_text(change: Change) -> bool:
    """Whether the values are texts, or so long that only a comparison by lines or words shows what differs."""
    values = [value for value in (change.before, change.after) if value is not None]
    if list_changes(change.field, change.before, change.after):
        return False
    found = [_text(value) for value in values]
    return change.field in SCRIPTS or any("\n" in text or len(text) > _TEXT for text in found)


def texts(change: Change) -> tuple[str, str]:
    """Return both values as texts. JSON that stands on one line gets an entry a line, unless that would hide what differs."""
    before, after = _text(change.before), _text(change.after)
    if not any("\n" in text or (text and not looks_like_json(text)) for text in (before, after)):
        old, new = _indented(before), _indented(after)
        if old != new and not too_long(old, new):
            return old, new
    return before, after


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _indented(text: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2) if text else ""


def field_rows(change: Change, names: Names) -> Iterator[FieldRow]:
    """Yield the rows of one changed field."""
    if listed := list_changes(change.field, change.before, change.after, names):
        one = str(ONE.get(change.field, field_name(change.field)))
        yield from (_entry(one, entry) for entry in listed.entries)
        if listed.reordered:
            before, after = cut_pair(", ".join(listed.before), ", ".join(listed.after), _CELL)
            yield FieldRow(field_name(change.field), before, after)
    else:
        yield FieldRow(field_name(change.field), *_cells(change, names))


def _entry(one: str, entry: Entry) -> FieldRow:
    name = f"{one} {cut(entry.label)}"
    if entry.before is None:
        return FieldRow(name, "", cut(entry.after or "", _CELL), "A")
    if entry.after is None:
        return FieldRow(name, cut(entry.before, _CELL), "", "D")
    if is_secret(entry.before) and is_secret(entry.after):
        return FieldRow(name, entry.before, entry.after)
    return FieldRow(name, *pair("", entry.before, entry.after, length=_CELL))


def _cells(change: Change, names: Names) -> tuple[str, str]:
    """Secrets are shown whole: their digits are all there is to compare."""
    if is_secret(change.before) and is_secret(change.after):
        return change.before, change.after
    return pair_of(change, names, _CELL)
