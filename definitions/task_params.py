"""Parameters of the task types whose spelling changed between releases: sub-workflows, switches, conditions, dependents."""

from collections.abc import Callable
from typing import Any

from definitions.fields import PARAMS_DROPPED_WHEN_EMPTY, SUB_WORKFLOW_SPELLINGS, Json


def normalise_type(task_type: Any) -> Any:
    """Return the newest name of a task type."""
    return "SUB_WORKFLOW" if task_type in SUB_WORKFLOW_SPELLINGS else task_type


def normalise_params(task_type: Any, params: Json) -> Json:
    """Return the parameters in the newest spelling; the given ones are not changed."""
    dropped = [key for key in PARAMS_DROPPED_WHEN_EMPTY if key in params and _is_empty(params[key])]
    change = _CHANGES.get(task_type) if isinstance(task_type, str) else None
    if not dropped and change is None:
        return params
    params = {key: value for key, value in params.items() if key not in dropped}
    return change(params) if change else params


def _is_empty(value: Any) -> bool:
    """Whether nothing is said anywhere inside."""
    if isinstance(value, dict):
        return all(_is_empty(item) for item in value.values())
    if isinstance(value, list):
        return all(_is_empty(item) for item in value)
    return value is None or value == ""


def _sub_workflow(params: Json) -> Json:
    if "processDefinitionCode" in params and "workflowDefinitionCode" not in params:
        params["workflowDefinitionCode"] = params.pop("processDefinitionCode")
    if "workflowDefinitionCode" in params:
        params["workflowDefinitionCode"] = number(params["workflowDefinitionCode"])
    return params


def _switch(params: Json) -> Json:
    result = params.get("switchResult")
    if not isinstance(result, dict):
        return params
    result = dict(result)
    if "nextNode" in result:
        result["nextNode"] = _single(result["nextNode"])
    if isinstance(result.get("dependTaskList"), list):
        result["dependTaskList"] = [
            {**branch, "nextNode": _single(branch["nextNode"])}
            if isinstance(branch, dict) and "nextNode" in branch
            else branch
            for branch in result["dependTaskList"]
        ]
    return {**params, "switchResult": result}


def _conditions(params: Json) -> Json:
    params = _dependent(params)
    result = params.get("conditionResult")
    if isinstance(result, dict):
        nodes = {
            key: [number(code) for code in _as_list(result[key])]
            for key in ("successNode", "failedNode")
            if key in result
        }
        params = {**params, "conditionResult": {**result, **nodes}}
    return params


def _dependent(params: Json) -> Json:
    """Newer servers write items anew, with nulls and zero project codes that say nothing."""
    dependence = params.get("dependence")
    if not isinstance(dependence, dict) or not isinstance(dependence.get("dependTaskList"), list):
        return params
    groups = [_depend_group(group) for group in dependence["dependTaskList"]]
    return {**params, "dependence": {**dependence, "dependTaskList": groups}}


def _depend_group(group: Any) -> Any:
    if not isinstance(group, dict) or not isinstance(group.get("dependItemList"), list):
        return group
    return {**group, "dependItemList": [_depend_item(item) for item in group["dependItemList"]]}


def _depend_item(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    return {
        key: value for key, value in item.items() if value is not None and not (key == "projectCode" and value == 0)
    }


_CHANGES: dict[Any, Callable[[Json], Json]] = {
    "SUB_WORKFLOW": _sub_workflow,
    "DYNAMIC": _sub_workflow,
    "SWITCH": _switch,
    "CONDITIONS": _conditions,
    "BLOCKING": _conditions,
    "DEPENDENT": _dependent,
}


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _single(value: Any) -> Any:
    """A branch's target stood as number, as text and as a list of one."""
    return number(value[0]) if isinstance(value, list) and len(value) == 1 else number(value)


def number(value: Any) -> Any:
    """Return whole numbers given as text or as 3.0 as int, anything else unchanged."""
    if (
        isinstance(value, str)
        and len(value) < 20
        and value.removeprefix("-").isascii()
        and value.removeprefix("-").isdigit()
    ):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
