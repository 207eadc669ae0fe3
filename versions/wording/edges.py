"""Changed dependencies as people think of them: an edge from nothing marks a task that begins with the workflow, and is no dependency."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from definitions.compare import Change, Comparison, Kind

End = tuple[int, int]  # from, to; from 0 where the task begins with the workflow


@dataclass(frozen=True, slots=True)
class Edge:
    """`what` is added, removed, changed, starts or waits; `name` "a → b", or the task's where it starts or waits."""

    what: str
    name: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def edges(comparison: Comparison) -> list[Edge]:
    """Return the changed dependencies; that an added task starts, or a removed one did, goes without saying."""
    removed = comparison.of(Kind.RELATION_REMOVED)
    added = comparison.of(Kind.RELATION_ADDED)
    both = {_end(change) for change in removed} & {_end(change) for change in added}
    came_or_went = {change.task for change in comparison.of(Kind.TASK_ADDED, Kind.TASK_REMOVED)}
    found = list(_changed(removed, added, both))
    found += [Edge("removed", change.name) for change in removed if _end(change) not in both and _end(change)[0]]
    found += [Edge("added", change.name) for change in added if _end(change) not in both and _end(change)[0]]
    waiting = {change.task for change in added if _end(change)[0]}
    for change in (*removed, *added):
        if _end(change)[0] == 0 and _end(change) not in both and change.task not in came_or_went:
            if change.kind == Kind.RELATION_ADDED:
                found.append(Edge("starts", _post(change)))
            elif change.task not in waiting:  # else the new dependency says it
                found.append(Edge("waits", _post(change)))
    return found


def _changed(removed: Iterable[Change], added: Iterable[Change], both: set[End]) -> Iterator[Edge]:
    after = {_end(change): change for change in added}
    for change in removed:
        if _end(change) in both:
            other = after[_end(change)]
            yield Edge("changed", change.name if _end(change)[0] else _post(change), change.before, other.after)


def _end(change: Change) -> End:
    value = change.after or change.before or {}
    return value.get("preTaskCode", 0), value.get("postTaskCode", 0)


def _post(change: Change) -> str:
    return change.name.rpartition(" → ")[2]
