"""Which tables are read and written no longer, or newly, as pages show it: what is certain, and apart what is not. Writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actors import Actor
from catalog.models import Workflow
from definitions.lineage.compare import LineageComparison, Moves, compare_lineage
from definitions.lineage.lineage import Table
from versions.comparison import Side
from versions.lineage.neighbours import Neighbours, beyond, neighbours
from versions.lineage.shown import SHOWN, TableShown, masked, tables_shown, task_name
from versions.lineage.sides import Found, Known, of_sides

MARK: Final = "L"
UNSURE: Final = "?"


@dataclass(frozen=True, slots=True)
class LineageSentence:
    """ "No longer writes" `table`, and `others` that read or write it."""

    mark: str
    verb: str
    table: TableShown
    others_verb: str

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        said = f"{self.verb} {self.table.name}"
        if not self.table.others:
            return said
        names = _(", ").join(other.name for other in self.table.others)
        return _("%(said)s, %(verb)s %(names)s") % {"said": said, "verb": self.others_verb, "names": names}


@dataclass(frozen=True, slots=True)
class TaskMoves:
    code: int
    name: str
    gained: list[tuple[str, str]]  # (verb, table)
    lost: list[tuple[str, str]]
    unsure_gained: list[tuple[str, str]]
    unsure_lost: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LineageDifference:
    """`known` is the worse of the two sides'. `unsure` are those that may be no change at all.

    `unknown_tasks` on either side: the difference may not be whole.
    """

    known: Known
    sentences: tuple[LineageSentence, ...] = ()
    unsure: tuple[LineageSentence, ...] = ()
    tasks: tuple[TaskMoves, ...] = ()
    unknown_tasks: tuple[int, int] = (0, 0)
    parsers: tuple[str, str] = ("", "")
    more: int = 0
    more_unsure: int = 0
    not_looked_up: int = 0  # as of one version

    @property
    def other_parsers(self) -> bool:
        """Whether the sides were read by different parsers, which may make a difference by itself."""
        return self.parsers[0] != self.parsers[1]


def lineage_difference(
    workflow: Workflow, left: Side, right: Side, actor: Actor, *, names: Mapping[int, str] | None = None
) -> LineageDifference:
    """Return which tables are read and written no longer, or newly. Live is read on the spot, within limits.

    `names` are those of the changed tasks, where the caller has them at hand.
    """
    first, second = of_sides(left, right)
    if first.lineage is None or second.lineage is None:
        return LineageDifference(_worse(first, second))
    compared = compare_lineage(first.lineage, second.lineage)
    whole, unsure = compared.whole, compared.unsure
    written = [table for moves in (whole, unsure) for table in (*moves.writes_lost, *moves.writes_gained)]
    read = [table for moves in (whole, unsure) for table in (*moves.reads_gained, *moves.reads_lost)]
    beside = neighbours(workflow, written=written, read=read, actor=actor)
    listed, doubted = _sentences(MARK, _KNOWN, whole, beside), _sentences(UNSURE, _UNSURE, unsure, beside)
    if names is None:
        names = {code: task_name(task) for side in (left, right) for code, task in side.document.tasks.items()}
    return LineageDifference(
        known=Known.COMPUTED,
        sentences=tuple(listed[:SHOWN]),
        unsure=tuple(doubted[:SHOWN]),
        tasks=_tasks(compared, names),
        unknown_tasks=(first.lineage.unknown_tasks, second.lineage.unknown_tasks),
        parsers=(first.parser_version, second.parser_version),
        more=max(0, len(listed) - SHOWN),
        more_unsure=max(0, len(doubted) - SHOWN),
        not_looked_up=beyond(written, read),
    )


# Verbs of writes lost, reads lost, writes gained, reads gained.
_KNOWN: Final = (
    gettext_lazy("No longer writes"),
    gettext_lazy("No longer reads"),
    gettext_lazy("Now writes"),
    gettext_lazy("Now reads"),
)
_UNSURE: Final = (
    gettext_lazy("Not known whether it still writes"),
    gettext_lazy("Not known whether it still reads"),
    gettext_lazy("Now writes (not known whether it did before)"),
    gettext_lazy("Now reads (not known whether it did before)"),
)


def _sentences(
    mark: str, verbs: Iterable[Promise], moves: Moves, beside: tuple[Neighbours, Neighbours]
) -> list[LineageSentence]:
    readers, writers = beside
    read_by, written_by = _("read by"), _("written by")
    listed = (
        (moves.writes_lost, read_by, readers),
        (moves.reads_lost, written_by, writers),
        (moves.writes_gained, read_by, readers),
        (moves.reads_gained, written_by, writers),
    )
    return [
        LineageSentence(mark, str(verb), table, others_verb)
        for verb, (tables, others_verb, others) in zip(verbs, listed, strict=True)
        for table in tables_shown(tables, others)
    ]


def _worse(first: Found, second: Found) -> Known:
    order = [Known.COMPUTED, Known.PENDING, Known.TOO_LARGE, Known.FAILED]
    return max(first.known, second.known, key=order.index)


def _tasks(compared: LineageComparison, names: Mapping[int, str]) -> tuple[TaskMoves, ...]:
    codes = sorted(compared.tasks.keys() | compared.unsure_tasks.keys())[:SHOWN]
    return tuple(
        _moves(code, names, compared.tasks.get(code, Moves()), compared.unsure_tasks.get(code, Moves()))
        for code in codes
    )


def _moves(code: int, names: Mapping[int, str], moves: Moves, unsure: Moves) -> TaskMoves:
    reads, writes = _("reads"), _("writes")
    return TaskMoves(
        code=code,
        name=names.get(code, ""),
        gained=[*_pairs(reads, moves.reads_gained), *_pairs(writes, moves.writes_gained)],
        lost=[*_pairs(reads, moves.reads_lost), *_pairs(writes, moves.writes_lost)],
        unsure_gained=[*_pairs(reads, unsure.reads_gained), *_pairs(writes, unsure.writes_gained)],
        unsure_lost=[*_pairs(reads, unsure.reads_lost), *_pairs(writes, unsure.writes_lost)],
    )


def _pairs(verb: str, tables: Iterable[Table]) -> list[tuple[str, str]]:
    return [(verb, masked(table.name)) for table in tables]
