"""DolphinScheduler's API without the product's client: what the tests compare the product with."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import urlencode

import requests

Json = dict[str, Any]


class RawDolphin:
    """Plain calls; `call` returns the envelope, the named ones its data, and fail where the code is not 0."""

    def __init__(self, url: str, token: str, tenant: str = "default") -> None:
        self.url, self.token, self.tenant = url, token, tenant

    def call(self, method: str, path: str, **form: Any) -> Json:
        encoded = urlencode(form)
        address, body = (f"{self.url}{path}?{encoded}", None) if method == "GET" else (self.url + path, encoded)
        headers = {"token": self.token, "Content-Type": "application/x-www-form-urlencoded"}
        answer = requests.request(method, address, data=body, headers=headers, timeout=60)
        envelope: Json = answer.json()
        return envelope

    def data(self, method: str, path: str, **form: Any) -> Any:
        envelope = self.call(method, path, **form)
        assert envelope["code"] == 0, f"{method} {path}: {envelope['code']} {envelope['msg']}"
        return envelope["data"]

    def create_project(self, name: str = "") -> int:
        name = name or f"project {time.time_ns()}"
        return int(self.data("POST", "/projects", projectName=name, description="")["code"])

    def task_codes(self, project: int, count: int) -> list[int]:
        codes: list[int] = []
        while len(codes) < count:
            number = min(100, count - len(codes))
            codes += self.data("GET", f"/projects/{project}/task-definition/gen-task-codes", genNum=number)
        return codes

    def definition(self, project: int, code: int) -> Json:
        found: Json = self.data("GET", f"/projects/{project}/process-definition/{code}")
        return found

    def schedules(self, project: int, code: int) -> list[Json]:
        rows = self.data("POST", f"/projects/{project}/schedules/list")
        return [row for row in rows if row["processDefinitionCode"] == code]

    def start(self, project: int, code: int) -> None:
        """Start a run by hand, as DolphinScheduler's page does."""
        form = {"failureStrategy": "CONTINUE", "warningType": "NONE", "warningGroupId": 0, "scheduleTime": ""}
        path = f"/projects/{project}/executors/start-process-instance"
        self.data("POST", path, processDefinitionCode=code, processInstancePriority="MEDIUM", **form)

    def runs(self, project: int, code: int) -> list[Json]:
        path = f"/projects/{project}/process-instances"
        rows: list[Json] = self.data("GET", path, processDefineCode=code, pageNo=1, pageSize=100)["totalList"]
        return [row for row in rows if row.get("processDefinitionCode") == code]

    def form(self, name: str, scripts: dict[int, str], **more: Any) -> Json:
        """Return a form of shell tasks that hang below the first one."""
        codes = list(scripts)
        edges = [
            {"name": "", "preTaskCode": 0 if post == codes[0] else codes[0], "postTaskCode": post} for post in codes
        ]
        edges = [
            {**edge, "preTaskVersion": 0, "postTaskVersion": 0, "conditionType": "NONE", "conditionParams": {}}
            for edge in edges
        ]
        tasks = [shell_task(code, f"task {index}", script) for index, (code, script) in enumerate(scripts.items())]
        form = {
            "name": name,
            "description": "",
            "globalParams": "[]",
            "locations": json.dumps([{"taskCode": code, "x": 10 * code % 100, "y": 20} for code in codes]),
            "timeout": 0,
            "tenantCode": self.tenant,
            "executionType": "PARALLEL",
            "taskDefinitionJson": json.dumps(tasks, ensure_ascii=False, separators=(",", ":")),
            "taskRelationJson": json.dumps(edges, separators=(",", ":")),
        }
        return {**form, **more}

    def create(self, project: int, form: Json) -> int:
        return int(self.data("POST", f"/projects/{project}/process-definition", **form)["code"])

    def edit(self, project: int, code: int, script: str, *, online: bool = True) -> None:
        """Give the first task another script as DolphinScheduler's own pages do: offline, update, and online if wished."""
        data = self.definition(project, code)
        definition = data["processDefinition"]
        tasks = sorted(data["taskDefinitionList"], key=lambda row: int(row["code"]))
        form = self.form(definition["name"], {row["code"]: "" for row in tasks})
        tasks[0]["taskParams"]["rawScript"] = script
        form |= {
            "locations": definition["locations"] or "[]",
            "taskRelationJson": json.dumps(data["processTaskRelationList"]),
            "taskDefinitionJson": json.dumps(tasks),
        }
        self.release(project, code, "OFFLINE")
        self.data("PUT", f"/projects/{project}/process-definition/{code}", **form)
        if online:
            self.release(project, code, "ONLINE")

    def corrupt(self, project: int, code: int, scripts: tuple[str, str]) -> None:
        """Update the first task twice at the same moment, again until DolphinScheduler holds a task twice."""
        definition = self.definition(project, code)
        for attempt in range(20):
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(partial(self._put, project, code, definition), (f"{one} {attempt}" for one in scripts)))
            shown = [row["code"] for row in self.definition(project, code)["taskDefinitionList"]]
            if len(shown) != len(set(shown)):
                return
            definition = self.definition(project, code)
        raise AssertionError("twenty pairs of updates left the workflow sound")

    def _put(self, project: int, code: int, shown: Json, script: str) -> None:
        """Send what was shown with another first script; a refusal is no matter."""
        tasks = json.loads(json.dumps(sorted(shown["taskDefinitionList"], key=lambda row: int(row["code"]))))
        form = self.form(shown["processDefinition"]["name"], {row["code"]: "" for row in tasks})
        tasks[0]["taskParams"]["rawScript"] = script
        relations = [{**row, "id": None} for row in shown["processTaskRelationList"]]
        form |= {"taskRelationJson": json.dumps(relations), "taskDefinitionJson": json.dumps(tasks)}
        self.call("PUT", f"/projects/{project}/process-definition/{code}", **form)

    def release(self, project: int, code: int, state: str) -> None:
        self.data("POST", f"/projects/{project}/process-definition/{code}/release", releaseState=state)

    def create_schedule(self, project: int, code: int, crontab: str, *, online: bool = False) -> int:
        times = json.dumps(schedule_times(crontab), separators=(",", ":"))
        path = f"/projects/{project}/schedules"
        made = self.data("POST", path, processDefinitionCode=code, schedule=times, warningType="NONE", warningGroupId=0)
        if online:
            self.data("POST", f"{path}/{made['id']}/online")
        return int(made["id"])


def schedule_times(crontab: str) -> Json:
    times = {"startTime": "2026-01-01 00:00:00", "endTime": "2099-01-01 00:00:00"}
    return {**times, "crontab": crontab, "timezoneId": "UTC"}


def shell_task(code: int, name: str, script: str, **more: Any) -> Json:
    return {
        "code": code,
        "name": name,
        "version": 0,
        "description": "",
        "taskType": "SHELL",
        "taskParams": {"localParams": [], "rawScript": script, "resourceList": []},
        "flag": "YES",
        "taskPriority": "MEDIUM",
        "workerGroup": "default",
        "environmentCode": -1,
        "failRetryTimes": 0,
        "failRetryInterval": 1,
        "timeoutFlag": "CLOSE",
        "timeoutNotifyStrategy": "WARN",
        "timeout": 0,
        "delayTime": 0,
        "taskGroupId": 0,
        "taskGroupPriority": 0,
        "cpuQuota": -1,
        "memoryMax": -1,
        "taskExecuteType": "BATCH",
        **more,
    }
