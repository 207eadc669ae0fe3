"""Changed dependencies as people think of them: an edge from nothing marks a task that begins with the workflow, and is no dependency."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from definitions.compare import Change, Comparison, Kind
from definitions.strict_json import dumps

End = tuple[int | str, int | str]  # from, to; from 0 where the task begins with the workflow


@dataclass(frozen=True, slots=True)
class Edge:
    """`what` is added, removed, changed, starts, starts too (it may wait as before) or waits.

    `name` is "a → b", or the task's where it starts or waits. `others` counts the dependencies of the same ends that there were besides
    an added one, or besides a removed one of which some are left.
    """

    what: str
    name: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    others: int = 0


@dataclass(frozen=True, slots=True)
class _Same:
    """The removed and the added ones of the same ends. As many as there are of both are changed ones."""

    end: End
    gone: list[Change]
    come: list[Change]

    @property
    def others(self) -> int:
        return (self.gone or self.come)[0].others

    @property
    def is_beginning(self) -> bool:
        """The task begins with the workflow on one side only."""
        return self.end[0] == 0 and not self.others and not (self.gone and self.come)


def edges(comparison: Comparison) -> list[Edge]:
    """Return the changed dependencies; that an added task starts, or a removed one did, goes without saying."""
    every = _by_end(comparison)
    dependencies = [one for one in every if not one.is_beginning]
    found = [edge for one in dependencies for edge in _changed(one)]
    found += [edge for one in dependencies for edge in _removed(one)]
    found += [edge for one in dependencies for edge in _added(one)]
    came_or_went = comparison.came_or_went()
    waiting = {one.end[1] for one in dependencies if one.come}
    freed = {one.end[1] for one in dependencies if one.gone}
    for one in every:
        change = (one.gone or one.come)[0]
        if not one.is_beginning or change.task in came_or_went:
            continue
        if one.come:
            found.append(Edge("starts" if one.end[1] in freed else "starts too", _post(change)))
        elif one.end[1] not in waiting:  # else the new dependency says it
            found.append(Edge("waits", _post(change)))
    return found


def _by_end(comparison: Comparison) -> list[_Same]:
    found: dict[End, _Same] = {}
    for change in comparison.of(Kind.RELATION_REMOVED, Kind.RELATION_ADDED):
        one = found.setdefault(end := _end(change), _Same(end, [], []))
        (one.come if change.kind == Kind.RELATION_ADDED else one.gone).append(change)
    return list(found.values())


def _changed(one: _Same) -> Iterator[Edge]:
    for before, after in zip(one.gone, one.come, strict=False):
        yield Edge("changed", before.name if one.end[0] else _post(before), before.before, after.after)


def _removed(one: _Same) -> Iterator[Edge]:
    is_left = one.others + len(one.come) > 0
    for change in one.gone[len(one.come) :]:
        yield Edge("removed", change.name, others=one.others + len(one.gone) - 1 if is_left else 0)


def _added(one: _Same) -> Iterator[Edge]:
    for change in one.come[len(one.gone) :]:
        yield Edge("added", change.name, others=one.others + len(one.gone))


def _end(change: Change) -> End:
    value = change.after or change.before or {}
    pre, post = (value.get(key, 0) for key in ("preTaskCode", "postTaskCode"))
    return _hashable(pre), _hashable(post)


def _hashable(code: Any) -> int | str:
    return code if type(code) is int else dumps(code).decode()


def _post(change: Change) -> str:
    return change.name.rpartition(" → ")[2]
