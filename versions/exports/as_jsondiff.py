"""A comparison in jsondiff's format: symmetric syntax, marshalled, over objects keyed by what they are.

Tasks are keyed by code, edges by "pre>post" ("pre>post#2" for the second one), parameters by name. jsondiff itself takes 1, 1.0 and true
for the same, and compares lists in quadratic time: numbers and booleans are wrapped so that they differ, and lists are taken whole.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import jsondiff

from definitions.changes import TASK_KINDS
from definitions.compare import same
from definitions.document import Document, Json
from definitions.parameters import by_prop, in_one_order
from definitions.strict_json import dumps
from snapshotter.masking import masked_value
from versions.exports.parts import Exported, fitting, side_name

_DIFFER: Final = jsondiff.JsonDiffer(syntax="symmetric")
_MARSHALLER: Final = jsondiff.JsonDiffer(syntax="symmetric", marshal=True)


class _Whole:
    """A value that jsondiff must not look into, equal to what is the same JSON."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Whole) and same(self.value, other.value)

    def __hash__(self) -> int:
        return hash(dumps(self.value))


def as_jsondiff(parts: Exported) -> str:
    """Return {"left", "right", "format", "hidden", "left_out", "diff"}; `diff` is {} where nothing that is shown differs.

    Parts and tasks that don't fit are missing in `diff`, and `left_out` names them.
    """
    left, right = (keyed(document, parts) for document in parts.documents())
    places: list[tuple[str, ...]] = [(part,) for part in left if part != "tasks"]
    places += [("tasks", code) for code in sorted(left["tasks"].keys() | right["tasks"].keys(), key=int)]
    _, left_out = fitting(places, lambda place: _size(place, left, right), parts.limit)
    for place in left_out:
        for side in (left, right):
            (side["tasks"] if len(place) > 1 else side).pop(place[-1], None)
    said = {
        "left": side_name(parts.left),
        "right": side_name(parts.right),
        "format": "jsondiff, symmetric, marshalled",
        "hidden": len(parts.hidden.changes),
        "left_out": {"places": [".".join(place) for place in left_out], "limit": parts.limit},
        "diff": _diff(left, right),
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def keyed(document: Document, parts: Exported) -> Json:
    """Return the masked definition as jsondiff is given it, with the changed tasks only: the others are the same."""
    changed = {change.task for change in parts.shown.of(*TASK_KINDS)}
    tasks = {str(code): task for code, task in document.tasks.items() if code in changed}
    value = {
        "name": document.name,
        "settings": document.settings,
        "tasks": tasks,
        "relations": dict(_relations(document.relations)),
        "schedule": document.schedule,
    }
    if parts.with_layout:
        value["layout"] = {str(code): position for code, position in (document.layout or {}).items()}
    masked: Json = masked_value(value)
    return masked


def _size(place: tuple[str, ...], *sides: Json) -> int:
    """Return the bytes that a part, or a task, takes on both sides; nothing where they are the same."""
    values: list[Any] = list(sides)
    for key in place:
        values = [value.get(key) for value in values]
    return 0 if same(*values) else sum(len(dumps(value)) for value in values)


def _relations(relations: list[Json]) -> Iterator[tuple[str, Json]]:
    seen: Counter[str] = Counter()
    for relation in relations:
        ends = f"{relation['preTaskCode']}>{relation['postTaskCode']}"
        seen[ends] += 1
        yield ends if seen[ends] == 1 else f"{ends}#{seen[ends]}", relation


def _diff(left: Json, right: Json) -> Any:
    old, new = _pair(left, right)
    return _MARSHALLER.marshal(_plain(_DIFFER.diff(old, new)))


def _pair(left: Any, right: Any) -> tuple[Any, Any]:
    """Return both values as jsondiff is given them: parameters by name where their order is the same, all else that is no object whole."""
    if isinstance(left, dict) and isinstance(right, dict):
        pairs = {key: _pair(left[key], right[key]) for key in left.keys() & right.keys()}
        old = {key: pairs[key][0] if key in pairs else _Whole(left[key]) for key in sorted(left)}
        new = {key: pairs[key][1] if key in pairs else _Whole(right[key]) for key in sorted(right)}
        return old, new
    known, others = by_prop(left), by_prop(right)
    if known and others and in_one_order(known, others):
        return _pair(known, others)
    return _Whole(left), _Whole(right)


def _plain(value: Any) -> Any:
    """Take the wrapping off."""
    if isinstance(value, _Whole):
        return value.value
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
