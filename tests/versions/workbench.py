"""A workflow in a DolphinScheduler, edited through its API as its pages do: read whole, change, send whole."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.services.raw_dolphin import RawDolphin, schedule_times, shell_task

Json = dict[str, Any]

HOURLY, WEEKLY = 7_000_000_000_001, 7_000_000_000_002  # codes of workflows that others wait for
TENANTS = ("daily", "etl")
TASKS = ("extract", "load_dwd", "dedup", "report", "check", "notify", "route", "vip", "standard", "upstream", "child")
EDGES = (
    *((None, "upstream"), ("upstream", "extract"), ("extract", "load_dwd"), ("load_dwd", "dedup"), ("dedup", "check")),
    *(("check", "report"), ("check", "notify"), ("report", "route"), ("route", "vip"), ("route", "standard")),
    (None, "child"),
)
CRON = "0 0 1 * * ? *"
LOAD = "insert overwrite table dwd.orders\nselect id, amount\nfrom ods.orders\nwhere dt = '${bizdate}'\n"
SCRIPT = "set -e\ncd /data/orders\n./extract.sh ${bizdate}\necho done\n"


@dataclass
class Draft:
    """What the page of DolphinScheduler holds while somebody edits: the form's fields, tasks by name, edges by names."""

    form: Json
    tasks: dict[str, Json]
    edges: list[Json]
    places: list[Json]
    codes: dict[str, int]

    def params(self, task: str) -> Json:
        found: Json = self.tasks[task]["taskParams"]
        return found

    def edge(self, before: str | None, after: str) -> Json:
        ends = (self.codes.get(before or "", 0), self.codes[after])
        return next(edge for edge in self.edges if (edge["preTaskCode"], edge["postTaskCode"]) == ends)

    def connect(self, before: str | None, after: str) -> None:
        self.edges.append(edge(self.codes.get(before or "", 0), self.codes[after]))

    def cut(self, before: str | None, after: str) -> None:
        self.edges.remove(self.edge(before, after))


@dataclass
class Bench:
    """One workflow; `codes` of its tasks by name, `spare` for new ones, `environment` a code that has the name etl."""

    raw: RawDolphin
    project: int
    environment: int
    codes: dict[str, int] = field(default_factory=dict)
    spare: list[int] = field(default_factory=list)
    code: int = 0

    @property
    def names(self) -> dict[int, str]:
        """What codes stand for, as the page knows it."""
        tasks = {code: name for name, code in self.codes.items()}
        return {**tasks, HOURLY: "orders_hourly", WEEKLY: "orders_weekly", self.environment: "etl"}

    def create(self) -> None:
        fresh = self.raw.task_codes(self.project, len(TASKS) + 2)
        self.codes, self.spare = dict(zip(TASKS, fresh, strict=False)), fresh[len(TASKS) :]
        self.code = self.raw.create(self.project, self._form(_new(self.codes)))

    def edit(self, change: Callable[[Draft], object]) -> None:
        """Save as the page does. Online or not, and the schedule with it, is left as it was found."""
        shown = self.raw.definition(self.project, self.code)
        online = shown["processDefinition"]["releaseState"] == "ONLINE"
        draft = _draft(shown, self.codes)
        change(draft)
        if online:
            self.raw.release(self.project, self.code, "OFFLINE")
        self.raw.data("PUT", f"/projects/{self.project}/process-definition/{self.code}", **self._form(draft))
        if online:
            self.raw.release(self.project, self.code, "ONLINE")

    def schedule(self, **change: Any) -> None:
        """Save the schedule as its page does; times and the rest alike by their names."""
        (row,) = self.raw.schedules(self.project, self.code)
        kept = ("startTime", "endTime", "crontab", "timezoneId")
        times = {key: change.pop(key, row[key]) for key in kept}
        keys = ("warningType", "warningGroupId", "failureStrategy", "workerGroup", "environmentCode")
        form = {key: row[key] for key in (*keys, "processInstancePriority")}
        path = f"/projects/{self.project}/schedules/{row['id']}"
        self.raw.data("PUT", path, **{**form, **change}, schedule=json.dumps(times))

    def add_schedule(self) -> None:
        self.raw.release(self.project, self.code, "ONLINE")
        times = json.dumps(schedule_times(CRON))
        form = {"warningType": "NONE", "warningGroupId": 1, "failureStrategy": "CONTINUE", "schedule": times}
        self.raw.data("POST", f"/projects/{self.project}/schedules", processDefinitionCode=self.code, **form)

    def schedule_state(self, state: str) -> None:
        (row,) = self.raw.schedules(self.project, self.code)
        self.raw.data("POST", f"/projects/{self.project}/schedules/{row['id']}/{state}")

    def remove_schedule(self) -> None:
        (row,) = self.raw.schedules(self.project, self.code)
        self.raw.data("DELETE", f"/projects/{self.project}/schedules/{row['id']}")

    def release_task(self, name: str, state: str) -> None:
        path = f"/projects/{self.project}/task-definition/{self.codes[name]}/release"
        self.raw.data("POST", path, releaseState=state)

    def switch(self, version: int) -> None:
        self.raw.data("GET", f"/projects/{self.project}/process-definition/{self.code}/versions/{version}")

    def version(self) -> int:
        return int(self.raw.definition(self.project, self.code)["processDefinition"]["version"])

    def _form(self, draft: Draft) -> Json:
        return {
            **draft.form,
            "locations": json.dumps(draft.places),
            "taskDefinitionJson": json.dumps(list(draft.tasks.values()), ensure_ascii=False),
            "taskRelationJson": json.dumps(draft.edges),
        }


def edge(before: int, after: int) -> Json:
    ends = {"preTaskCode": before, "preTaskVersion": 0, "postTaskCode": after, "postTaskVersion": 0}
    return {"name": "", **ends, "conditionType": "NONE", "conditionParams": {}}


def prop(name: str, value: str, direct: str = "IN", kind: str = "VARCHAR") -> Json:
    return {"prop": name, "direct": direct, "type": kind, "value": value}


def _draft(shown: Json, codes: dict[str, int]) -> Draft:
    definition = shown["processDefinition"]
    form = {key: definition[key] for key in ("name", "description", "timeout", "executionType", "tenantCode")}
    return Draft(
        form={**form, "globalParams": definition["globalParams"]},
        tasks={task["name"]: task for task in shown["taskDefinitionList"]},
        edges=[edge(row["preTaskCode"], row["postTaskCode"]) for row in shown["processTaskRelationList"]],
        places=json.loads(definition["locations"]),
        codes=dict(codes),
    )


def _new(codes: dict[str, int]) -> Draft:
    tasks = {name: _task(name, codes) for name in TASKS}
    return Draft(
        form={
            **{"name": "orders_daily", "description": "Orders of a day", "timeout": 0, "executionType": "PARALLEL"},
            "tenantCode": "daily",
            "globalParams": json.dumps([prop("bizdate", "$[yyyyMMdd-1]"), prop("region", "cn")]),
        },
        tasks=tasks,
        edges=[edge(codes.get(before or "", 0), codes[after]) for before, after in EDGES],
        places=[{"taskCode": code, "x": 100 + 60 * at, "y": 80 * at} for at, code in enumerate(codes.values())],
        codes=codes,
    )


def _task(name: str, codes: dict[str, int]) -> Json:
    kind, params = _PARAMS.get(name, lambda codes: ("SHELL", {"rawScript": f"echo {name}\n"}))(codes)
    params = {"localParams": [], "resourceList": [], **params}
    return {**shell_task(codes[name], name, ""), "taskType": kind, "taskParams": params}


def sql(text: str) -> Json:
    statements: Json = {"preStatements": [], "postStatements": []}
    return {"type": "MYSQL", "datasource": 1, "sql": text, "sqlType": "1", "displayRows": 10, **statements}


def wait_for(workflow: int, when: str = "today") -> Json:
    """One group that waits for one workflow whole."""
    item = {"projectCode": 7, "definitionCode": workflow, "depTaskCode": 0, "cycle": "day", "dateValue": when}
    return {"relation": "AND", "dependItemList": [item]}


def _check(codes: dict[str, int]) -> tuple[str, Json]:
    item = {"depTaskCode": codes["dedup"], "status": "SUCCESS"}
    dependence = {"relation": "AND", "dependTaskList": [{"relation": "AND", "dependItemList": [item]}]}
    result = {"successNode": [codes["report"]], "failedNode": [codes["notify"]]}
    return "CONDITIONS", {"dependence": dependence, "conditionResult": result}


def _route(codes: dict[str, int]) -> tuple[str, Json]:
    branches = [{"condition": "${level} == 1", "nextNode": codes["vip"]}]
    return "SWITCH", {"switchResult": {"dependTaskList": branches, "nextNode": codes["standard"]}}


def _notify(codes: dict[str, int]) -> tuple[str, Json]:
    call = {"url": "https://ops.example.org/notify", "httpMethod": "GET", "httpParams": []}
    check = {"httpCheckCondition": "STATUS_CODE_DEFAULT", "condition": ""}
    return "HTTP", {**call, **check, "connectTimeout": 60000, "socketTimeout": 60000}


_PARAMS: dict[str, Callable[[dict[str, int]], tuple[str, Json]]] = {
    "extract": lambda codes: (
        "SHELL",
        {"rawScript": SCRIPT, "localParams": [prop("dt", "${bizdate}"), prop("n", "1")]},
    ),
    "load_dwd": lambda codes: ("SQL", sql(LOAD)),
    "dedup": lambda codes: ("SQL", sql("delete from dwd.orders\nwhere rn > 1\n")),
    "report": lambda codes: ("PYTHON", {"rawScript": "import json\nprint(json.dumps({}))\n"}),
    "check": _check,
    "notify": _notify,
    "route": _route,
    "upstream": lambda codes: ("DEPENDENT", {"dependence": {"relation": "AND", "dependTaskList": [wait_for(HOURLY)]}}),
    "child": lambda codes: ("SUB_PROCESS", {"processDefinitionCode": HOURLY}),
}
