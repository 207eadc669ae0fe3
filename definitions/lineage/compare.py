"""What one definition reads and writes that another does not. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from definitions.lineage.lineage import Lineage, Table, TaskLineage


@dataclass(frozen=True, slots=True)
class Moves:
    """Tables gained and lost from left to right, sorted."""

    reads_gained: tuple[Table, ...] = ()
    reads_lost: tuple[Table, ...] = ()
    writes_gained: tuple[Table, ...] = ()
    writes_lost: tuple[Table, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.reads_gained or self.reads_lost or self.writes_gained or self.writes_lost)


@dataclass(frozen=True, slots=True)
class LineageComparison:
    """`whole` counts a table that moves from one task to another as no change; `tasks` shows it. Only tasks that differ.

    `unsure` and `unsure_tasks` are those of which the other side may hold the table all the same: there, what could not be read of the
    task, or of a task that may have taken its place, may read or write anything.
    """

    whole: Moves
    tasks: Mapping[int, Moves]
    unsure: Moves = Moves()
    unsure_tasks: Mapping[int, Moves] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.whole or self.tasks or self.unsure or self.unsure_tasks)


_IsUnsure = Callable[[bool, Table], bool]  # whether it is written, the table


def compare_lineage(left: Lineage, right: Lineage) -> LineageComparison:
    nothing = TaskLineage()
    tasks, unsure_tasks = {}, {}
    for code in sorted(left.tasks.keys() | right.tasks.keys()):
        before, after = left.tasks.get(code, nothing), right.tasks.get(code, nothing)
        known, unsure = _parted(_moves(before, after), lost=_all_if(after), gained=_all_if(before))
        if known:
            tasks[code] = known
        if unsure:
            unsure_tasks[code] = unsure
    whole, unsure = _parted(_moves(left, right), lost=_doubted(left, right), gained=_doubted(right, left))
    return LineageComparison(whole, tasks, unsure, unsure_tasks)


def _moves(left: Lineage | TaskLineage, right: Lineage | TaskLineage) -> Moves:
    return Moves(
        reads_gained=tuple(sorted(right.reads - left.reads)),
        reads_lost=tuple(sorted(left.reads - right.reads)),
        writes_gained=tuple(sorted(right.writes - left.writes)),
        writes_lost=tuple(sorted(left.writes - right.writes)),
    )


def _all_if(other: TaskLineage) -> _IsUnsure:
    return lambda _is_write, _table: bool(other.unknown)


def _doubted(having: Lineage, other: Lineage) -> _IsUnsure:
    """Tables of tasks of which the other side does not know everything; of tasks gone, where a new one is not known."""
    replaced = any(task.unknown for code, task in other.tasks.items() if code not in having.tasks)
    found: set[tuple[bool, Table]] = set()
    for code, task in having.tasks.items():
        if other.tasks[code].unknown if code in other.tasks else replaced:
            found.update((False, table) for table in task.reads)
            found.update((True, table) for table in task.writes)
    return lambda is_write, table: (is_write, table) in found


def _parted(moves: Moves, *, lost: _IsUnsure, gained: _IsUnsure) -> tuple[Moves, Moves]:
    """Return (those that are certain, those that are not)."""

    def part(unsure: bool) -> Moves:
        return Moves(
            reads_gained=tuple(table for table in moves.reads_gained if gained(False, table) is unsure),
            reads_lost=tuple(table for table in moves.reads_lost if lost(False, table) is unsure),
            writes_gained=tuple(table for table in moves.writes_gained if gained(True, table) is unsure),
            writes_lost=tuple(table for table in moves.writes_lost if lost(True, table) is unsure),
        )

    return part(False), part(True)
