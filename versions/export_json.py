"""A comparison as JSON: typed changes, one a line. The API's answer too."""

import json
from typing import Any, Final

from definitions.changes import Change, Comparison
from definitions.changes import as_json as change_json
from definitions.compare import summary
from versions.export_parts import Exported, bytes_of, fitting

_MOST: Final = 2_000  # characters of a name or path that a change without its values keeps


def as_json(parts: Exported) -> str:
    """Return {"workflow", "left", "right", ..., "identical", "hidden", "counts", "left_out", "changes"}.

    A change whose values don't fit comes without them, `"left_out": true`; "left_out" beside the changes counts those, and those that
    don't fit even so, which are missing.
    """
    lines, without_values, missing = _lines(parts)
    head = {
        "workflow": parts.left.key or parts.right.key,
        "left": parts.left.name,
        "right": parts.right.name,
        "left_version": parts.left.snapshot.version if parts.left.snapshot else None,
        "right_version": parts.right.snapshot.version if parts.right.snapshot else None,
        "identical": parts.is_identical,
        "hidden": len(parts.hidden.changes),
        "counts": summary(Comparison((*parts.shown.changes, *parts.hidden.changes))),
        "left_out": {"values": without_values, "changes": missing, "limit": parts.limit},
    }
    return f'{_dumps(head)[:-1]}, "changes": [{",".join(f"{chr(10)}{line}" for line in lines)}]}}\n'


def _lines(parts: Exported) -> tuple[list[str], int, int]:
    """Return the changes as JSON, how many of them are without values, and how many are missing."""
    whole = [_dumps(change_json(change)) for change in parts.shown.changes]
    numbers = range(len(whole))
    kept, left_out = fitting(numbers, lambda number: bytes_of([whole[number]]), parts.limit)
    room = parts.limit - sum(bytes_of([whole[number]]) for number in kept)
    short = {number: _dumps(_without_values(parts.shown.changes[number])) for number in left_out}
    named, missing = fitting(left_out, lambda number: bytes_of([short[number]]), room)
    lines = {number: whole[number] for number in kept} | {number: short[number] for number in named}
    return [lines[number] for number in sorted(lines)], len(named), len(missing)


def _without_values(change: Change) -> dict[str, Any]:
    steps = [step[:_MOST] for step in change.path]
    return change_json(change) | {
        "field": change.field[:_MOST],
        "path": steps,
        "before": None,
        "after": None,
        "left_out": True,
    }


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
