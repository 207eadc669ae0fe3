"""The changed tasks of a comparison, ready for the page: a table of fields, and texts side by side or below each other.

Bounded: a page holds so many tasks with their details, rows and coloured characters; of what is beyond, only names and counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from definitions.compare import Change, Comparison, Kind
from versions.changed_parts import TASK_MARKS
from versions.field_rows import FieldRow, field_rows, is_text, texts
from versions.scripts.colours import Share
from versions.scripts.script_diff import ROWS, Row, side_by_side
from versions.scripts.script_diff import unified as below
from versions.wording.field_names import field_name
from versions.wording.parts import line_ends
from versions.wording.spread import spread
from versions.wording.values import NO_NAMES, Names

TASKS: Final = 100  # with their details
FIELDS: Final = 300  # rows of one task's table
PAGE_ROWS: Final = 3_000
_ROW: Final = 400  # characters of both sides
ALONE_ROWS: Final = 10_000  # of a task that is shown alone


@dataclass(frozen=True, slots=True)
class Text:
    """`rows` None where the texts are too long to be compared; `left_out` counts changed lines no row shows; `notes` tell line ends."""

    name: str
    before: str
    after: str
    rows: list[Row] | None
    added: int = 0
    removed: int = 0
    left_out: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TaskDiff:
    """One changed task; `mark` is A, D or M. `is_cut`: the page is full, details only alone; `more_fields` counts rows left out."""

    code: int
    name: str
    mark: str
    type: str = ""
    fields: list[FieldRow] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    is_cut: bool = False
    more_fields: int = 0

    @property
    def is_whole(self) -> bool:
        """The task came or went: there is one side only."""
        return self.mark != "M"


@dataclass(slots=True)
class _Page:
    """What may still be shown, and how."""

    unified: bool
    names: Names
    types: Mapping[int, str]
    tasks: int = TASKS
    rows: int = PAGE_ROWS
    rows_of_a_text: int = ROWS
    share: Share = field(default_factory=Share)


_IN_HEADING: Final = ("name", "taskType")  # of a whole task


def tasks_diff(
    comparison: Comparison,
    *,
    unified: bool = False,
    names: Names = NO_NAMES,
    types: Mapping[int, str] | None = None,
    only: int | None = None,
) -> list[TaskDiff]:
    """Return the changed tasks in the order of their codes. The comparison's values are shown as they are: mask it first.

    `types` tells what language a changed task's texts are in, `only` a task to show alone, with more rows.
    """
    page = _Page(unified, names, types or {})
    if only is not None:
        page.rows = page.rows_of_a_text = ALONE_ROWS
    by_task: dict[int, list[Change]] = {}
    for change in comparison.of(*TASK_MARKS):
        if only in (None, change.task):
            by_task.setdefault(change.task or 0, []).append(change)
    return [_task(code, changes, page) for code, changes in by_task.items()]


def _task(code: int, changes: list[Change], page: _Page) -> TaskDiff:
    first = changes[0]
    whole = first.after or first.before if first.kind in (Kind.TASK_ADDED, Kind.TASK_REMOVED) else None
    task_type = str(whole.get("taskType", "")) if isinstance(whole, dict) else page.types.get(code, "")
    task = TaskDiff(code, first.name, TASK_MARKS[first.kind], task_type)
    if page.tasks <= 0 or page.rows <= 0:
        task.is_cut = True
        return task
    page.tasks -= 1
    for change in _whole(first) if task.is_whole else chain.from_iterable(map(spread, changes)):
        if is_text(change):
            task.texts.append(_text(change, task, page))
        else:
            task.fields += field_rows(change, page.names)
    task.more_fields = max(0, len(task.fields) - FIELDS)
    del task.fields[FIELDS:]
    page.rows -= len(task.fields)
    return task


def _text(change: Change, task: TaskDiff, page: _Page) -> Text:
    before, after = texts(change)
    limit = max(0, min(page.rows, page.rows_of_a_text))
    found = side_by_side(before, after, task_type=task.type, field=change.field, limit=limit, share=page.share)
    if found is None:
        return Text(field_name(change.field), before, after, None)
    page.rows -= sum(map(_cost, found.rows))
    rows = list(below(found.rows)) if page.unified or task.is_whole else found.rows
    notes = [] if task.is_whole else line_ends(before, after)
    return Text(field_name(change.field), before, after, rows, found.added, found.removed, found.left_out, notes)


def _cost(row: Row) -> int:
    """Long lines count for more than one row."""
    return 1 + sum(len(piece.text) for line in (row.left, row.right) for piece in line or ()) // _ROW


def _whole(change: Change) -> Iterator[Change]:
    """Yield the fields of a task that came or went; empty ones say nothing."""
    for field_change in spread(change):
        value = field_change.after if change.kind == Kind.TASK_ADDED else field_change.before
        if field_change.field not in _IN_HEADING and value not in ([], {}, "", None):
            yield field_change
