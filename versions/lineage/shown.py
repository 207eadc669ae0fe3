"""Tables read and written, as pages and the API show them: of one version, and the difference of two. Writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actors import Actor
from catalog.models import Workflow
from definitions.document import Document
from definitions.lineage import Call, Lineage, Table, Unknown
from definitions.lineage_compare import Moves, compare_lineage
from definitions.numbers import is_code
from snapshotter.masking import masked_value
from snapshotter.models import Snapshot
from snapshotter.store import document_of
from versions.comparison import Side
from versions.lineage.neighbours import Neighbour, Neighbours, beyond, neighbours
from versions.lineage.sides import Found, Known, of_sides, stored
from versions.lineage.words import unknown_text

MARK: Final = "L"
SHOWN: Final = 200  # tasks, and names of a list: the rest is counted
NAMED: Final = 5  # neighbours of a table


@dataclass(frozen=True, slots=True)
class TableShown:
    """`name` is masked. `others` read what is written, or write what is read; `more` of them are not named."""

    system: str
    name: str
    is_pattern: bool
    others: tuple[Neighbour, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class CallShown:
    """Another workflow by its name and key, "" where the reader can't see it."""

    kind: str
    code: int
    name: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class UnknownShown:
    part: str
    number: int
    why: str
    detail: str
    text: str


@dataclass(frozen=True, slots=True)
class TaskShown:
    code: int
    name: str
    kind: str
    reads: list[TableShown]
    writes: list[TableShown]
    calls: list[CallShown]
    unknown: list[UnknownShown]


@dataclass(frozen=True, slots=True)
class LineageShown:
    """`known` says whether the rest can be. `more_*` count what a page leaves out."""

    known: Known
    parser_version: str = ""
    digest: str = ""
    reads: tuple[TableShown, ...] = ()
    writes: tuple[TableShown, ...] = ()
    tasks: tuple[TaskShown, ...] = ()
    unknown_tasks: int = 0
    more_reads: int = 0
    more_writes: int = 0
    more_tasks: int = 0
    not_looked_up: int = 0  # tables for which no other workflow was looked for


def lineage_shown(
    workflow: Workflow, snapshot: Snapshot, actor: Actor, *, document: Document | None = None, limit: int = SHOWN
) -> LineageShown:
    """Return what a version reads and writes, with the workflows at the other ends that the actor may see. At most four queries.

    `document` is the version's, where the caller has it at hand.
    """
    (found,) = stored(snapshot)
    if found.lineage is None:
        return LineageShown(found.known)
    lineage = found.lineage
    readers, writers = neighbours(workflow, written=lineage.writes, read=lineage.reads, actor=actor)
    tasks = (document or document_of(snapshot)).tasks
    codes = [code for code in tasks if code in lineage.tasks]
    named = _called(lineage, codes[:limit], actor)
    return LineageShown(
        known=found.known,
        parser_version=found.parser_version,
        digest=found.digest,
        reads=tuple(_tables(lineage.reads, writers)[:limit]),
        writes=tuple(_tables(lineage.writes, readers)[:limit]),
        tasks=tuple(_task(code, tasks[code], lineage, named) for code in codes[:limit]),
        unknown_tasks=lineage.unknown_tasks,
        more_reads=max(0, len(lineage.reads) - limit),
        more_writes=max(0, len(lineage.writes) - limit),
        more_tasks=max(0, len(codes) - limit),
        not_looked_up=beyond(lineage.writes, lineage.reads),
    )


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


@dataclass(frozen=True, slots=True)
class LineageDifference:
    """`known` is the worse of the two sides'. `unknown_tasks` on either side: the difference may not be whole."""

    known: Known
    sentences: tuple[LineageSentence, ...] = ()
    tasks: tuple[TaskMoves, ...] = ()
    unknown_tasks: tuple[int, int] = (0, 0)
    parsers: tuple[str, str] = ("", "")
    more: int = 0
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
    whole = compared.whole
    written, read = [*whole.writes_lost, *whole.writes_gained], [*whole.reads_gained, *whole.reads_lost]
    readers, writers = neighbours(workflow, written=written, read=read, actor=actor)
    listed = [
        LineageSentence(MARK, str(verb), table, str(others))
        for verb, others, tables, beside in (
            (gettext_lazy("No longer writes"), gettext_lazy("read by"), whole.writes_lost, readers),
            (gettext_lazy("No longer reads"), gettext_lazy("written by"), whole.reads_lost, writers),
            (gettext_lazy("Now writes"), gettext_lazy("read by"), whole.writes_gained, readers),
            (gettext_lazy("Now reads"), gettext_lazy("written by"), whole.reads_gained, writers),
        )
        for table in _tables(tables, beside)
    ]
    if names is None:
        names = {code: _name(task) for side in (left, right) for code, task in side.document.tasks.items()}
    return LineageDifference(
        known=Known.COMPUTED,
        sentences=tuple(listed[:SHOWN]),
        tasks=tuple(_moves(code, names, moves) for code, moves in list(compared.tasks.items())[:SHOWN]),
        unknown_tasks=(first.lineage.unknown_tasks, second.lineage.unknown_tasks),
        parsers=(first.parser_version, second.parser_version),
        more=max(0, len(listed) - SHOWN),
        not_looked_up=beyond(written, read),
    )


def _worse(first: Found, second: Found) -> Known:
    order = [Known.COMPUTED, Known.PENDING, Known.TOO_LARGE, Known.FAILED]
    return max(first.known, second.known, key=order.index)


def _tables(tables: Iterable[Table], beside: Neighbours | None = None) -> list[TableShown]:
    shown = []
    for table in sorted(tables):
        others = (beside or {}).get(table, [])
        more = max(0, len(others) - NAMED)
        shown.append(TableShown(table.system, _masked(table.name), table.is_pattern, tuple(others[:NAMED]), more))
    return shown


def _task(code: int, task: dict[str, Any], lineage: Lineage, named: dict[int, Neighbour]) -> TaskShown:
    found = lineage.tasks[code]
    return TaskShown(
        code=code,
        name=_name(task),
        kind=str(task.get("taskType", "")),
        reads=_tables(found.reads),
        writes=_tables(found.writes),
        calls=[_call(call, named.get(call.workflow)) for call in sorted(found.calls)],
        unknown=[_unknown(item) for item in found.unknown],
    )


def _unknown(item: Unknown) -> UnknownShown:
    detail = _masked(item.detail)
    return UnknownShown(item.part, item.number, item.why.value, detail, unknown_text(item, detail))


def _call(call: Call, named: Neighbour | None) -> CallShown:
    return CallShown(call.kind, call.workflow, named.name if named else "", named.key if named else "")


def _called(lineage: Lineage, codes: list[int], actor: Actor) -> dict[int, Neighbour]:
    wanted = {call.workflow for code in codes for call in lineage.tasks[code].calls if is_code(call.workflow)}
    if not wanted:
        return {}
    rows = Workflow.objects.visible_to(actor).filter(workflow_code__in=wanted)
    return {
        code: Neighbour(name, key)
        for code, name, key in rows.values_list("workflow_code", "name", "key")
        if code is not None
    }


def _moves(code: int, names: Mapping[int, str], moves: Moves) -> TaskMoves:
    reads, writes = _("reads"), _("writes")
    return TaskMoves(
        code=code,
        name=names.get(code, ""),
        gained=[*_pairs(reads, moves.reads_gained), *_pairs(writes, moves.writes_gained)],
        lost=[*_pairs(reads, moves.reads_lost), *_pairs(writes, moves.writes_lost)],
    )


def _pairs(verb: str, tables: Iterable[Table]) -> list[tuple[str, str]]:
    return [(verb, _masked(table.name)) for table in tables]


def _name(task: dict[str, Any]) -> str:
    return _masked(str(task.get("name", "")))


def _masked(text: str) -> str:
    shown: str = masked_value(text)
    return shown
