"""The changed tasks of a comparison, ready for the page: a table of fields, and texts side by side."""

from dataclasses import dataclass, field
from typing import Any

from definitions.compare import Change, Comparison, Kind
from definitions.strict_json import dumps
from versions.script_diff import Row, side_by_side
from versions.sentences import field_name


@dataclass(frozen=True, slots=True)
class FieldRow:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Text:
    """`rows` None where the texts are too long to be compared; then both are shown."""

    name: str
    before: str
    after: str
    rows: list[Row] | None


@dataclass(slots=True)
class TaskDiff:
    """One changed task; `mark` is A, D or M."""

    code: int
    name: str
    mark: str
    fields: list[FieldRow] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


_SCRIPTS = ("taskParams.rawScript", "taskParams.sql")  # with word marks, however short
_MARKS = {Kind.TASK_ADDED: "A", Kind.TASK_REMOVED: "D", Kind.TASK_MODIFIED: "M", Kind.TASK_RENAMED: "M"}


def tasks_diff(comparison: Comparison) -> list[TaskDiff]:
    """Return the changed tasks in the order of their codes. The comparison's values are shown as they are: mask it first."""
    found: dict[int, TaskDiff] = {}
    for change in comparison.of(*_MARKS):
        task = found.setdefault(change.task or 0, TaskDiff(change.task or 0, change.name, _MARKS[change.kind]))
        if change.kind in (Kind.TASK_ADDED, Kind.TASK_REMOVED):
            for name, value in _flat(change.after or change.before, ""):
                _add(task, Change(change.kind, field=name, **{"after" if change.after else "before": value}))
        else:
            _add(task, change)
    return list(found.values())


def _add(task: TaskDiff, change: Change) -> None:
    before, after = _text(change.before), _text(change.after)
    if "\n" in before + after or change.field in _SCRIPTS:
        task.texts.append(Text(field_name(change.field), before, after, side_by_side(before, after)))
    else:
        task.fields.append(FieldRow(field_name(change.field), before, after))


def _flat(value: dict[str, Any], prefix: str) -> list[tuple[str, Any]]:
    """Return the fields of a whole task; empty ones say nothing."""
    rows: list[tuple[str, Any]] = []
    for key, item in value.items():
        if isinstance(item, dict) and item:
            rows += _flat(item, f"{prefix}{key}.")
        elif item not in ([], {}, "", None):
            rows.append((f"{prefix}{key}", item))
    return rows


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else dumps(value).decode()
