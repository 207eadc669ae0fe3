"""Stored rows as the API shows them, key for key. Enters: rows of the state. Leaves: rows of answers. Endpoints import this."""

import json
from typing import Any

from dolphin.sandbox.answers import Row

DEFINITION = tuple(
    "id code name version releaseState projectCode description globalParams globalParamList globalParamMap createTime updateTime flag "
    "userId userName projectName locations scheduleReleaseState timeout tenantId tenantCode modifyBy warningGroupId executionType".split()
)
TASK = tuple(
    "id code name version description projectCode userId taskType taskParams taskParamList taskParamMap flag taskPriority userName "
    "projectName workerGroup environmentCode failRetryTimes failRetryInterval timeoutFlag timeoutNotifyStrategy timeout delayTime "
    "resourceIds createTime updateTime modifyBy taskGroupId taskGroupPriority cpuQuota memoryMax taskExecuteType".split()
)
LOGGED = ("operator", "operateTime")


def definition(row: Row, **more: Any) -> Row:
    """Show a workflow's row; keys the row lacks are null. The tenant's code is shown only where asked for."""
    parameters = _parameters(row["globalParams"])
    named = {item["prop"]: item.get("value") for item in parameters if isinstance(item, dict) and "prop" in item}
    known = {**row, "globalParamList": parameters, "globalParamMap": named, "warningGroupId": 0, "tenantCode": None}
    return {key: known.get(key) for key in DEFINITION} | more


def logged_definition(row: Row) -> Row:
    """Show one line of a workflow's versions."""
    return definition(row, **{key: row[key] for key in LOGGED})


def task(row: Row, *, logged: bool = True) -> Row:
    """Show a task with its parameters as an object; only logged rows know who wrote them."""
    params: Any = json.loads(row["taskParams"])
    local = params.get("localParams", []) if isinstance(params, dict) else []
    known = {**row, "taskParams": params, "taskParamList": local, "resourceIds": ""}
    shown = {key: known.get(key) for key in (*TASK, *(LOGGED if logged else ()))}
    return {**shown, "dependence": ""}


def _parameters(text: str | None) -> list[Any]:
    """Global parameters needn't be JSON to be saved."""
    try:
        value = json.loads(text or "[]")
    except ValueError:
        return []
    return value if isinstance(value, list) else []
