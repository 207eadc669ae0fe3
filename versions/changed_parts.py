"""Parts of a comparison that one page can hold: the changes of some tasks, or the first of each kind, with what was left out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from definitions.changes import RELATION_KINDS, TASK_KINDS
from definitions.compare import Change, Comparison, Kind

TASK_MARKS: Final = {Kind.TASK_ADDED: "A", Kind.TASK_REMOVED: "D", Kind.TASK_MODIFIED: "M", Kind.TASK_RENAMED: "M"}


@dataclass(frozen=True, slots=True)
class Part:
    """`tasks` and `rest` count what the comparison leaves out: changed tasks, and other changes."""

    comparison: Comparison
    tasks: int = 0
    rest: int = 0


def changed_tasks(comparison: Comparison) -> list[int]:
    """Return the codes of the tasks that were added, removed or changed, in the order of their codes."""
    return sorted({change.task for change in comparison.of(*TASK_KINDS) if change.task is not None})


def of_tasks(comparison: Comparison, codes: Collection[int]) -> Comparison:
    """Return the changes of these tasks only."""
    wanted = set(codes)
    return Comparison(tuple(change for change in comparison.of(*TASK_KINDS) if change.task in wanted))


def other_than_tasks(comparison: Comparison) -> Comparison:
    """Return the changes of name, settings, parameters and schedule."""
    tasks = {*TASK_KINDS, *RELATION_KINDS, Kind.LAYOUT_CHANGED}
    return Comparison(tuple(change for change in comparison.changes if change.kind not in tasks))


def first_of(comparison: Comparison, limit: int) -> Part:
    """Return the changes of the first `limit` tasks, and of the others the first `limit`."""
    codes = changed_tasks(comparison)
    kept = list(_first(comparison, set(codes[:limit]), limit))
    others = sum(change.kind not in TASK_KINDS for change in comparison.changes)
    kept_others = sum(change.kind not in TASK_KINDS for change in kept)
    return Part(Comparison(tuple(kept)), max(0, len(codes) - limit), others - kept_others)


def _first(comparison: Comparison, codes: set[int], limit: int) -> Iterator[Change]:
    left = limit
    for change in comparison.changes:
        if change.kind in TASK_KINDS:
            if change.task in codes:
                yield change
        elif left:
            left -= 1
            yield change
