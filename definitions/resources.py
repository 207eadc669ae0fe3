"""Which files of the resource centre a task names. Pure.

Up to 3.1 by number ({"id": 3, "resourceName": "/a.sh"}), later by path alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from definitions.numbers import is_code

_ONE: Final = ("mainJar", "mainPy", "mainScript")


@dataclass(frozen=True, slots=True, order=True)
class Resource:
    """`number` None where only a path is given."""

    name: str
    number: int | None = None


def resources(task: Mapping[str, Any]) -> Iterator[Resource]:
    """Yield what a task in canonical form names, in its resource list and as its main file."""
    params = task.get("taskParams")
    if not isinstance(params, Mapping):
        return
    rows = params.get("resourceList")
    for row in [*(rows if isinstance(rows, list) else []), *(params.get(key) for key in _ONE)]:
        if isinstance(row, Mapping):
            number = row.get("id") if is_code(row.get("id")) else None
            name = str(row.get("resourceName") or row.get("res") or number or "")
            if name:
                yield Resource(name[:200], number)
