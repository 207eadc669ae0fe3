"""Tables that a version reads and writes, as pages and the API show them. Writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from audit.actors import Actor
from catalog.models import Workflow
from definitions.document import Document
from definitions.lineage.lineage import Call, Lineage, Table, Unknown
from definitions.numbers import is_code
from snapshotter.masking import masked_value
from snapshotter.models import Snapshot
from snapshotter.store import document_of
from versions.lineage.neighbours import Neighbour, Neighbours, beyond, neighbours
from versions.lineage.sides import Known, stored
from versions.lineage.words import unknown_text

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
        reads=tuple(tables_shown(lineage.reads, writers)[:limit]),
        writes=tuple(tables_shown(lineage.writes, readers)[:limit]),
        tasks=tuple(_task(code, tasks[code], lineage, named) for code in codes[:limit]),
        unknown_tasks=lineage.unknown_tasks,
        more_reads=max(0, len(lineage.reads) - limit),
        more_writes=max(0, len(lineage.writes) - limit),
        more_tasks=max(0, len(codes) - limit),
        not_looked_up=beyond(lineage.writes, lineage.reads),
    )


def tables_shown(tables: Iterable[Table], beside: Neighbours | None = None) -> list[TableShown]:
    shown = []
    for table in sorted(tables):
        others = (beside or {}).get(table, [])
        more = max(0, len(others) - NAMED)
        shown.append(TableShown(table.system, masked(table.name), table.is_pattern, tuple(others[:NAMED]), more))
    return shown


def _task(code: int, task: dict[str, Any], lineage: Lineage, named: dict[int, Neighbour]) -> TaskShown:
    found = lineage.tasks[code]
    return TaskShown(
        code=code,
        name=task_name(task),
        kind=str(task.get("taskType", "")),
        reads=tables_shown(found.reads),
        writes=tables_shown(found.writes),
        calls=[_call(call, named.get(call.workflow)) for call in sorted(found.calls)],
        unknown=[_unknown(item) for item in found.unknown],
    )


def _unknown(item: Unknown) -> UnknownShown:
    detail = masked(item.detail)
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


def task_name(task: dict[str, Any]) -> str:
    return masked(str(task.get("name", "")))


def masked(text: str) -> str:
    shown: str = masked_value(text)
    return shown
