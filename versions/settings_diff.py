"""The tab of settings and schedule: a row a changed field, and what each side's schedule would do next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from definitions.changes import PARAMETER_KINDS
from definitions.compare import Change, Comparison, Kind
from definitions.document import Json
from definitions.strict_json import dumps
from versions.changed_parts import other_than_tasks
from versions.field_rows import FieldRow, field_rows
from versions.fires_ahead import FiresAhead, fires_ahead
from versions.wording.field_names import field_name
from versions.wording.values import NO_NAMES, pair, shown


@dataclass(frozen=True, slots=True)
class Schedules:
    """`has_changed` False: both sides fire alike, and one list says it."""

    has_changed: bool
    left: FiresAhead
    right: FiresAhead


def setting_rows(comparison: Comparison) -> list[FieldRow]:
    """Return the rows of name, settings, parameters and schedule. The comparison's values are shown as they are: mask it first."""
    return [row for change in other_than_tasks(comparison).changes for row in _rows(change)]


def schedules(left: Json | None, right: Json | None) -> Schedules:
    """Return the next fires of both sides' schedules, None where there is none."""
    return Schedules(left != right, fires_ahead(left), fires_ahead(right))


def _rows(change: Change) -> Iterator[FieldRow]:
    if change.kind == Kind.SCHEDULE_ADDED:
        yield from (FieldRow(field_name(key), "", shown(key, value), "A") for key, value in change.after.items())
    elif change.kind == Kind.SCHEDULE_REMOVED:
        yield from (FieldRow(field_name(key), shown(key, value), "", "D") for key, value in change.before.items())
    elif change.kind in PARAMETER_KINDS:
        yield _parameter(change)
    else:
        yield from field_rows(change, NO_NAMES)


def _parameter(change: Change) -> FieldRow:
    name = change.field.removeprefix("globalParams.")
    before, after = _value(change.before), _value(change.after)
    if change.kind == Kind.PARAMETER_CHANGED and before == after:  # they differ in type
        return FieldRow(name, *pair("", change.before, change.after))
    mark = {Kind.PARAMETER_ADDED: "A", Kind.PARAMETER_REMOVED: "D"}.get(change.kind, "M")
    return FieldRow(name, before, after, mark)


def _value(parameter: Any) -> str:
    """A parameter's value is what people look for; what else it says stands behind."""
    if not isinstance(parameter, dict):
        return ""
    rest = {key: item for key, item in parameter.items() if key not in ("prop", "value")}
    return f"{parameter.get('value', '')}  {dumps(rest).decode()}".strip() if rest else str(parameter.get("value", ""))
