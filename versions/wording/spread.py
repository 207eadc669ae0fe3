"""A changed object as the changes of what it holds: `taskParams.extra` that came whole is told field by field."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from definitions.compare import Change, same


def spread(change: Change) -> Iterator[Change]:
    """Yield the change itself, or where either side is an object one for each path that differs, in the order of before and then after."""
    if not isinstance(change.before, dict) and not isinstance(change.after, dict):
        yield change
        return
    before, after = (dict(_paths(value, change.field)) for value in (change.before, change.after))
    found = False
    for path in [*before, *(path for path in after if path not in before)]:
        if path not in before or path not in after or not same(before[path], after[path]):
            found = True
            yield replace(
                change,
                field=path,
                before=before.get(path),
                after=after.get(path),
                before_absent=path not in before,
                after_absent=path not in after,
            )
    if not found:  # an empty object against none
        yield change


def _paths(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """An empty object inside another is a value; the outermost holds nothing to tell."""
    if not isinstance(value, dict):
        if value is not None:
            yield path, value
        return
    for key, item in value.items():
        inner = f"{path}.{key}" if path else str(key)
        if isinstance(item, dict) and item:
            yield from _paths(item, inner)
        else:
            yield inner, item
