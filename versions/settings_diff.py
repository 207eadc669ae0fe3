"""The tab of settings and schedule: a row a changed field, and what each side's schedule would do next."""

from dataclasses import dataclass
from typing import Any

from definitions.compare import Change, Comparison, Kind
from definitions.document import Json
from definitions.strict_json import dumps
from versions.changed_parts import other_than_tasks
from versions.fires_ahead import FiresAhead, fires_ahead
from versions.sentences import field_name
from versions.values import shown


@dataclass(frozen=True, slots=True)
class SettingRow:
    """`mark` is A, D or M."""

    mark: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Schedules:
    """`has_changed` False: both sides fire alike, and one list says it."""

    has_changed: bool
    left: FiresAhead
    right: FiresAhead


_WHOLE = (Kind.SCHEDULE_ADDED, Kind.SCHEDULE_REMOVED)
_PARAMETERS = (Kind.PARAMETER_ADDED, Kind.PARAMETER_REMOVED, Kind.PARAMETER_CHANGED)


def setting_rows(comparison: Comparison) -> list[SettingRow]:
    """Return the rows of name, settings, parameters and schedule. The comparison's values are shown as they are: mask it first."""
    rows: list[SettingRow] = []
    for change in other_than_tasks(comparison).changes:
        rows += _schedule(change) if change.kind in _WHOLE else [_row(change)]
    return rows


def schedules(left: Json | None, right: Json | None) -> Schedules:
    """Return the next fires of both sides' schedules, None where there is none."""
    return Schedules(left != right, fires_ahead(left), fires_ahead(right))


def _schedule(change: Change) -> list[SettingRow]:
    fields = change.after or change.before or {}
    if change.kind == Kind.SCHEDULE_ADDED:
        return [SettingRow("A", field_name(key), "", shown(key, value)) for key, value in fields.items()]
    return [SettingRow("D", field_name(key), shown(key, value), "") for key, value in fields.items()]


def _row(change: Change) -> SettingRow:
    mark = "A" if change.kind == Kind.PARAMETER_ADDED else "D" if change.kind == Kind.PARAMETER_REMOVED else "M"
    if change.kind in _PARAMETERS:
        return SettingRow(
            mark, change.field.removeprefix("globalParams."), _parameter(change.before), _parameter(change.after)
        )
    return SettingRow(
        mark, field_name(change.field), shown(change.field, change.before), shown(change.field, change.after)
    )


def _parameter(value: Any) -> str:
    """A parameter's value is what people look for; what else it says stands behind."""
    if not isinstance(value, dict):
        return ""
    rest = {key: item for key, item in value.items() if key not in ("prop", "value")}
    return f"{value.get('value', '')}  {dumps(rest).decode()}".strip() if rest else str(value.get("value", ""))
