"""Which tables nobody writes any more after the rollback, and who reads them. Derived lineage only, by its indexes.

What can't be read of a workflow is no loss: only what is certain is told (docs/lineage.md).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from audit.actors import SYSTEM
from catalog.models import Workflow
from definitions.lineage.compare import Moves, compare_lineage
from definitions.lineage.lineage import Lineage, Table
from rollback.impact.findings import Finding, Weight, some
from rollback.impact.prospect import Prospect
from snapshotter.choices import Status
from snapshotter.models import LineageTable, Snapshot
from versions.lineage.neighbours import LOOKED_UP, Neighbour, Neighbours, neighbours
from versions.lineage.shown import NAMED, masked
from versions.lineage.sides import Known, stored

_MOST_WRITERS: Final = 100  # versions of then that are looked into


@dataclass(frozen=True, slots=True)
class TableMove:
    """`others` are the first who read what is written, or write what is read, of those the reader may see.

    `more` counts further ones, `hidden` those the reader may not see.
    """

    system: str
    name: str
    others: tuple[Neighbour, ...] = ()
    more: int = 0
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class LineageImpact:
    """From the published version to the target. `known` says whether the rest can be; certain moves only.

    `not_written`: tables of `writes_lost` that others read. `no_writer`: tables the target reads and nobody would write. `near_readers`:
    names of all readers in the workflow's own project, `far_readers`: how many are of other projects, whoever asks.
    """

    known: Known = Known.PENDING
    writes_lost: tuple[TableMove, ...] = ()
    writes_gained: tuple[TableMove, ...] = ()
    reads_lost: tuple[TableMove, ...] = ()
    reads_gained: tuple[TableMove, ...] = ()
    no_writer: tuple[TableMove, ...] = ()
    hidden_readers: int = 0
    near_readers: tuple[str, ...] = ()
    far_readers: int = 0

    @property
    def not_written(self) -> list[TableMove]:
        return [move for move in self.writes_lost if move.others or move.hidden]


def lineage_impact(prospect: Prospect) -> LineageImpact:
    """Return what is gained and lost; `known` other than computed where one side's lineage is not."""
    if prospect.published is None:
        return LineageImpact(Known.FAILED)
    present, target = stored(prospect.published, prospect.target)
    if present.lineage is None or target.lineage is None:
        return LineageImpact(present.known if present.lineage is None else target.known)
    moves = compare_lineage(present.lineage, target.lineage).whole
    beside = _Beside(prospect, moves, target.lineage)
    return LineageImpact(
        known=Known.COMPUTED,
        writes_lost=beside.readers(moves.writes_lost),
        writes_gained=beside.readers(moves.writes_gained),
        reads_lost=beside.writers(moves.reads_lost),
        reads_gained=beside.writers(moves.reads_gained),
        no_writer=tuple(_no_writer(prospect, moves, target.lineage, beside)),
        hidden_readers=beside.hidden_readers(moves.writes_lost),
        near_readers=beside.near_readers(moves.writes_lost),
        far_readers=beside.far_readers(moves.writes_lost),
    )


class _Beside:
    """Readers and writers among all workflows that are there, and of those whom the reader may see; the rest is counted.

    What a workflow published that was deleted in DolphinScheduler neither reads nor writes.
    """

    def __init__(self, prospect: Prospect, moves: Moves, target: Lineage) -> None:
        written, read = (*moves.writes_lost, *moves.writes_gained), (*target.reads, *moves.reads_lost)
        every = neighbours(prospect.workflow, written=written, read=read, actor=SYSTEM)
        there = Workflow.objects.filter(key__in=_keys(every), deleted_in_dolphin_at=None)
        known = set(there.values_list("key", flat=True))
        seen = known & set(there.visible_to(prospect.reader).values_list("key", flat=True))
        near = known & set(there.filter(project=prospect.workflow.project_id).values_list("key", flat=True))
        self._near = _only(every[0], near)
        self._seen = [_only(side, seen) for side in every]
        self._all = [_only(side, known) for side in every]

    def readers(self, tables: Iterable[Table]) -> tuple[TableMove, ...]:
        return tuple(self._move(0, table) for table in sorted(tables))

    def writers(self, tables: Iterable[Table]) -> tuple[TableMove, ...]:
        return tuple(self._move(1, table) for table in sorted(tables))

    def has_writer(self, table: Table) -> bool:
        return bool(self._all[1].get(table))

    def _move(self, side: int, table: Table) -> TableMove:
        seen, every = self._seen[side].get(table, []), self._all[side].get(table, [])
        named = tuple(seen[:NAMED])
        return TableMove(table.system, masked(table.name), named, len(seen) - len(named), len(every) - len(seen))

    def hidden_readers(self, tables: Iterable[Table]) -> int:
        """Count the workflows, each once, that read one of these tables and are not the reader's to see."""
        listed = list(tables)
        return len(_others(self._all[0], listed) - _others(self._seen[0], listed))

    def near_readers(self, tables: Iterable[Table]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(other.name for other in sorted(_others(self._near, tables))))

    def far_readers(self, tables: Iterable[Table]) -> int:
        listed = list(tables)
        return len(_others(self._all[0], listed) - _others(self._near, listed))


def _others(side: Neighbours, tables: Iterable[Table]) -> set[Neighbour]:
    return {other for table in tables for other in side.get(table, [])}


def _keys(sides: tuple[Neighbours, Neighbours]) -> set[str]:
    return {other.key for side in sides for others in side.values() for other in others}


def _only(side: Neighbours, keys: set[str]) -> Neighbours:
    return {table: [other for other in others if other.key in keys] for table, others in side.items()}


def _no_writer(prospect: Prospect, moves: Moves, target: Lineage, beside: _Beside) -> Iterator[TableMove]:
    """Tables the target reads that nobody would write: this workflow did until now, or another one did while the target was live."""
    orphans = [
        table
        for table in sorted(target.reads - target.writes)[:LOOKED_UP]
        if table.is_findable and not beside.has_writer(table)
    ]
    ours = set(moves.writes_lost)
    theirs = _had_a_writer(prospect, [table for table in orphans if table not in ours])
    for table in orphans:
        if table in ours or table in theirs:
            yield TableMove(table.system, masked(table.name))


def _had_a_writer(prospect: Prospect, tables: list[Table]) -> set[Table]:
    """Return those that another workflow surely wrote while the target was live, and surely does not now."""
    digests: dict[str, set[Table]] = {}
    rows = LineageTable.objects.named(tables).filter(is_write=True) if tables else LineageTable.objects.none()
    for digest, system, name in rows.values_list("body__digest", "system", "name"):
        digests.setdefault(digest, set()).add(Table(system, name))
    lost: set[Table] = set()
    doubtful: set[Table] = set()
    for snapshot in _of_that_time(prospect, digests):
        wrote = digests[snapshot.lineage_digest]
        gone = wrote & _surely_lost(snapshot)
        lost |= gone
        doubtful |= wrote - gone
    return lost - doubtful


def _of_that_time(prospect: Prospect, digests: Iterable[str]) -> list[Snapshot]:
    target = prospect.target
    since = target.live_from or target.created_at
    until = target.live_to or since
    rows = Snapshot.objects.filter(
        Q(live_to=None) | Q(live_to__gt=since),
        lineage_digest__in=list(digests),
        status=Status.PUBLISHED,
        live_from__lte=until,
        project__instance=prospect.workflow.project.instance_id,
    ).exclude(workflow=prospect.workflow)
    return list(rows.select_related("workflow__state__published").order_by("-id")[:_MOST_WRITERS])


def _surely_lost(then: Snapshot) -> set[Table]:
    """Return what this version wrote and its workflow's published one surely does not."""
    found, *after = stored(*[row for row in (then, _published(then.workflow)) if row is not None])
    if found.lineage is None:
        return set()
    if then.workflow.deleted_in_dolphin_at is not None:
        return set(found.lineage.writes)
    if not after or after[0].lineage is None:
        return set()
    return set(compare_lineage(found.lineage, after[0].lineage).whole.writes_lost)


def _published(workflow: Workflow) -> Snapshot | None:
    published: Snapshot | None = workflow.state.published if hasattr(workflow, "state") else None
    return published


def lineage_findings(found: LineageImpact) -> Iterator[Finding]:
    if lost := found.not_written:
        readers = dict.fromkeys(other.name for move in lost for other in move.others)
        values = {"hidden": found.hidden_readers, "readers": some(list(readers))}
        kept = {"hidden": found.far_readers, "readers": some(found.near_readers)}
        names = _names(lost)
        yield Finding("lineage_not_written", Weight.ACKNOWLEDGE, {**names, **values}, {**names, **kept})
    if found.no_writer:
        yield Finding("lineage_no_writer", Weight.ACKNOWLEDGE, _names(found.no_writer))


def _names(moves: Iterable[TableMove]) -> dict[str, object]:
    names = [move.name for move in moves]
    return {"names": some(names), "count": len(names)}
