"""A workflow whose tasks name each other in every way, and what DolphinScheduler shows of it by names: its codes change."""

import json
from typing import Any

from tests.services.raw_dolphin import RawDolphin

Json = dict[str, Any]
TASKS = ("extract", "check", "report", "notify", "route", "vip", "standard", "yesterday")
EDGES = (
    *((None, "yesterday"), ("yesterday", "extract"), ("extract", "check"), ("check", "report"), ("check", "notify")),
    *(("report", "route"), ("route", "vip"), ("route", "standard")),
)


def body(
    codes: dict[str, int], *, script: str = "echo a", own: int = 0, name: str = "orders_daily", **more: Any
) -> Json:
    """Return a c1 body. `own`: the workflow's own code, for the task that waits for yesterday's run; 0: there is no such task."""
    names = [task for task in TASKS if own or task != "yesterday"]
    tasks = {str(codes[task]): _task(task, codes, script, own) for task in names}
    edges = [(before if before in names else None, after) for before, after in EDGES if after in names]
    relations = [
        {"preTaskCode": codes[before] if before else 0, "postTaskCode": codes[after]} for before, after in edges
    ]
    layout = {str(codes[task]): {"x": 10 * at, "y": 5} for at, task in enumerate(names)}
    definitions = {"settings": more.pop("settings", {}), "tasks": tasks}
    return {"scheme": "c1", "name": name, "definitions": definitions, "relations": relations, "layout": layout, **more}


def _task(task: str, codes: dict[str, int], script: str, own: int) -> Json:
    kind, params = "SHELL", {"rawScript": f"{script} # {task}"}
    if task == "check":
        item = {"depTaskCode": codes["extract"], "status": "SUCCESS"}
        dependence = {"relation": "AND", "dependTaskList": [{"relation": "AND", "dependItemList": [item]}]}
        result = {"successNode": [codes["report"]], "failedNode": [codes["notify"]]}
        kind, params = "CONDITIONS", {"dependence": dependence, "conditionResult": result}
    elif task == "route":
        branches = [{"condition": "1 == 1", "nextNode": codes["vip"]}]
        kind, params = "SWITCH", {"switchResult": {"dependTaskList": branches, "nextNode": codes["standard"]}}
    elif task == "yesterday":
        item = {"definitionCode": own, "depTaskCode": codes["report"], "cycle": "day", "dateValue": "last1Days"}
        dependence = {"relation": "AND", "dependTaskList": [{"relation": "AND", "dependItemList": [item]}]}
        kind, params = "DEPENDENT", {"dependence": dependence}
    return {"name": task, "taskType": kind, "taskParams": {"localParams": [], "resourceList": [], **params}}


def shown(raw: RawDolphin, project: int, code: int) -> Json:
    """What DolphinScheduler shows by raw calls, with every code of a task replaced by its name, and the workflow's own by `itself`."""
    data = raw.definition(project, code)
    names = {task["code"]: task["name"] for task in data["taskDefinitionList"]} | {0: None, code: "itself"}
    definition = data["processDefinition"]
    return {
        "name": definition["name"],
        "online": definition["releaseState"],
        "tasks": {
            task["name"]: (task["taskType"], _named(task["taskParams"], names)) for task in data["taskDefinitionList"]
        },
        "edges": sorted(
            (str(names[row["preTaskCode"]]), names[row["postTaskCode"]]) for row in data["processTaskRelationList"]
        ),
        "places": {names[place["taskCode"]]: (place["x"], place["y"]) for place in json.loads(definition["locations"])},
        "schedules": [(row["crontab"], row["releaseState"]) for row in raw.schedules(project, code)],
        "rows": len(data["taskDefinitionList"]),
    }


def _named(value: Any, names: dict[int, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _named(item, names) for key, item in value.items() if item not in ({}, None)}
    if isinstance(value, list):
        return [_named(item, names) for item in value]
    number = int(value) if isinstance(value, str) and value.isdigit() else value
    return names[number] if type(number) is int and number in names and number else value


def delete(raw: RawDolphin, project: int, code: int) -> None:
    """Delete a workflow as a person would, in DolphinScheduler."""
    raw.release(project, code, "OFFLINE")
    raw.data("DELETE", f"/projects/{project}/process-definition/{code}")
