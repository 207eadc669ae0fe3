"""Lists of parameters, [{"prop": name, "value": ..}, ..], seen by name."""

from collections.abc import Iterable
from typing import Any

from definitions.document import Json


def by_prop(value: Any) -> dict[str, Json] | None:
    """Return parameters by name, in their order; None where they have no distinct names."""
    if not isinstance(value, list):
        return None
    if not all(isinstance(item, dict) and isinstance(item.get("prop"), str) for item in value):
        return None
    found = {item["prop"]: item for item in value}
    return found if len(found) == len(value) else None


def in_one_order(left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether the names that both have stand in the same order in both."""
    old, new = list(left), list(right)
    common = set(old) & set(new)
    return [name for name in old if name in common] == [name for name in new if name in common]
