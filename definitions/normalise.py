"""One spelling for every part of a definition: server-made fields dropped, defaults omitted, old words renamed."""

from collections.abc import Container
from typing import Any

from definitions import fields
from definitions.errors import InvalidDefinition
from definitions.fields import Json
from definitions.task_params import normalise_params, normalise_type, number


def settings(value: Json) -> Json:
    return _kept(value, fields.SETTINGS_DENIED, fields.SETTINGS_DEFAULTS)


def task(value: Json, *, path: str = "") -> Json:
    """Raises InvalidDefinition where the parameters are not an object."""
    kept = _kept(value, fields.TASK_DENIED, fields.TASK_DEFAULTS)
    if "timeoutFlag" not in kept and kept.get("timeoutNotifyStrategy") in fields.NOTIFY_WITHOUT_MEANING:
        kept.pop("timeoutNotifyStrategy", None)
    kept["taskType"] = normalise_type(kept.get("taskType"))
    params = kept.get("taskParams", {})
    if not isinstance(params, dict):
        raise InvalidDefinition("taskParams must be a JSON object", path=f"{path}.taskParams")
    kept["taskParams"] = normalise_params(kept["taskType"], params)
    return kept


def relation(value: Json, *, path: str = "") -> Json:
    """Raises InvalidDefinition where an end is no whole number: relations are looked up by their ends."""
    kept: Json = {end: number(value.get(end) or 0) for end in ("postTaskCode", "preTaskCode")}
    for end, code in kept.items():
        if type(code) is not int:
            raise InvalidDefinition(f"{end} must be a whole number, not {str(code)[:40]!r}", path=path)
    for key, default in fields.RELATION_DEFAULTS.items():
        item = value.get(key)
        if item is not None and not _is_same(item, default):
            kept[key] = item
    return kept


def schedule(value: Json) -> Json:
    """Return the schedule's content; `workflowInstancePriority` under its newest name."""
    value = dict(value)
    if "processInstancePriority" in value:
        value.setdefault("workflowInstancePriority", value["processInstancePriority"])
        del value["processInstancePriority"]
    return _kept(value, fields.SCHEDULE_DENIED, fields.SCHEDULE_DEFAULTS)


def position(value: Json) -> Json:
    return {key: number(item) for key, item in value.items() if key != "taskCode"}


def _kept(value: Json, denied: Container[str], defaults: Json) -> Json:
    """Drop denied fields and defaults. One pass over the fields: this runs for every task of every definition."""
    kept = {
        key: item
        for key, item in value.items()
        if key not in denied and not (key in defaults and item == defaults[key] and type(item) is type(defaults[key]))
    }
    for key in [
        key for key, item in kept.items() if item is None or (key in fields.INTEGERS and type(item) is not int)
    ]:
        item = number(kept[key])
        if (item is None and key in fields.NULL_IS_DEFAULT) or (key in defaults and _is_same(item, defaults[key])):
            del kept[key]
        else:
            kept[key] = item
    return kept


def _is_same(item: Any, default: Any) -> bool:
    """Type-strict: false is not 0."""
    return item == default and type(item) is type(default)
