"""What one definition reads and writes that another does not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from definitions.lineage import Lineage, Table, TaskLineage


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
    """`whole` counts a table that moves from one task to another as no change; `tasks` shows it. Only tasks that differ."""

    whole: Moves
    tasks: Mapping[int, Moves]

    def __bool__(self) -> bool:
        return bool(self.whole or self.tasks)


def compare_lineage(left: Lineage, right: Lineage) -> LineageComparison:
    nothing = TaskLineage()
    tasks = {}
    for code in sorted(left.tasks.keys() | right.tasks.keys()):
        moves = _moves(left.tasks.get(code, nothing), right.tasks.get(code, nothing))
        if moves:
            tasks[code] = moves
    return LineageComparison(_moves(left, right), tasks)


def _moves(left: Lineage | TaskLineage, right: Lineage | TaskLineage) -> Moves:
    return Moves(
        reads_gained=tuple(sorted(right.reads - left.reads)),
        reads_lost=tuple(sorted(left.reads - right.reads)),
        writes_gained=tuple(sorted(right.writes - left.writes)),
        writes_lost=tuple(sorted(left.writes - right.writes)),
    )
