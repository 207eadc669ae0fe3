"""Endpoints of workflow definitions."""

import json
import time
from collections import defaultdict
from typing import Any

from dolphin.sandbox import saving
from dolphin.sandbox.answers import Answer, Refused, Row, envelope, latest_first, page, page_bounds
from dolphin.sandbox.request import Request
from dolphin.sandbox.state import State, now_text

NOT_FOUND, IS_ONLINE, IS_RUNNING_SCHEDULE = 50003, 50008, 50023
TWO_SCHEDULES_IN_LIST, TWO_SCHEDULES_IN_RELEASE = 10122, 10108


def create(request: Request) -> Answer:
    (project,) = request.args
    name = _name(request)
    with request.state.lock:
        saving.check_names(request, name, (row["name"] for row in request.state.in_project(project)))
        tasks, relations = saving.parts(request)
        tenant = _tenant(request)
        code = request.state.next_code()
        rows = saving.resolve(request, tasks)
        saving.store(request, project, code, 1, rows, relations)
        stamp = now_text()
        row = {
            "id": request.state.next_id("definitions"),
            "code": code,
            "name": name,
            "version": 1,
            "releaseState": "OFFLINE",
            "projectCode": project,
            **_fields(request),
            "createTime": stamp,
            "updateTime": stamp,
            "flag": "YES",
            "userId": request.user["id"],
            **tenant,
        }
        request.state.definitions[code].append(row)
        _log(request, row)
    answered = {**row, "version": row["version"] if request.dialect.saved_row else 0, "id": None, "releaseState": None}
    return envelope(request.dialect.outward(answered), status=201)


def update(request: Request) -> Answer:
    """Read, wait as long as the test wants, write: two updates that overlap spoil the workflow, as on the real server."""
    project, code = request.args
    name = _name(request)
    with request.state.lock:
        row = _row(request, project, code)
        if row["releaseState"] == "ONLINE":
            raise Refused(IS_ONLINE, "process definition is online")
        others = (other["name"] for other in request.state.in_project(project) if other["code"] != code)
        saving.check_names(request, name, others)
        tasks, relations = saving.parts(request)
        tenant = _tenant(request)
        rows = saving.resolve(request, tasks)
        version = max(logged["version"] for logged in request.state.definition_log[code]) + 1
        before = dict(row)
    if request.slow_put:
        time.sleep(request.slow_put)
    with request.state.lock:
        saving.store(request, project, code, version, rows, relations)
        fields = {key: value for key, value in _fields(request).items() if value is not None}
        row.update(fields, name=name, version=version, updateTime=now_text(), **tenant)
        if request.form.get("releaseState") == "ONLINE":
            row["releaseState"] = "ONLINE"
        _log(
            request, {**row, "description": request.form.get("description"), "locations": request.form.get("locations")}
        )
    return envelope(request.dialect.outward(row if request.dialect.saved_row else before))


def read(request: Request) -> Answer:
    project, code = request.args
    with request.state.lock:
        data = dag_data(request.state, _row(request, project, code))
    return envelope(request.dialect.outward(data))


def dag_data(state: State, row: Row) -> Row:
    """Return the definition a row stands for, with the tasks its version names. Call under the lock."""
    relations = state.relations(row["code"], row["version"])
    wanted = {(relation["postTaskCode"], relation["postTaskVersion"]) for relation in relations}
    tasks = [
        _task_out(task)
        for task_code in {code for code, _ in wanted}
        for task in state.task_log[task_code]
        if (task_code, task["version"]) in wanted
    ]
    return {
        "processDefinition": _definition_out(row),
        "processTaskRelationList": relations,
        "taskDefinitionList": sorted(tasks, key=lambda task: -int(task["id"])),
    }


def page_list(request: Request) -> Answer:
    (project,) = request.args
    number, size = page_bounds(request.form, request.generic)
    wanted = request.form.get("searchVal", "").casefold()
    with request.state.lock:
        rows = request.state.in_project(project)
        schedules: dict[int, list[Row]] = defaultdict(list)  # looked up once: a list of thousands is asked for by pages
        for schedule in request.state.schedules:
            schedules[schedule["processDefinitionCode"]].append(schedule)
        if any(len(schedules[row["code"]]) > 1 for row in rows):
            raise Refused(TWO_SCHEDULES_IN_LIST, "two schedules found where one is expected")
        found = [row for row in rows if wanted in row["name"].casefold()]
        cut = page(latest_first(found, "updateTime", number, size), number, size, offset_key=request.dialect.offset_key)
        cut["totalList"] = [
            {
                **_definition_out(row),
                "locations": None,
                "tenantCode": None,
                "modifyBy": request.user["userName"],
                "scheduleReleaseState": next((one["releaseState"] for one in schedules[row["code"]]), None),
            }
            for row in cut["totalList"]
        ]
    return envelope(request.dialect.outward(cut))


def simple_list(request: Request) -> Answer:
    keys = ("id", "code", "name", "projectCode")
    return envelope([{key: row[key] for key in keys} for row in _all(request)])


def probe(request: Request) -> Answer:
    return envelope([{key: row[key] for key in ("code", "name", "version")} for row in _all(request)])


def verify_name(request: Request) -> Answer:
    saving.check_names(request, request.need("name"), (row["name"] for row in _all(request)))
    return envelope(None)


def versions(request: Request) -> Answer:
    _, code = request.args
    number, size = page_bounds(request.form, request.generic)
    rows = [_definition_out(row) for row in reversed(request.state.definition_log.get(code, []))]
    return envelope(request.dialect.outward(page(rows, number, size, offset_key=request.dialect.offset_key)))


def release(request: Request) -> Answer:
    project, code = request.args
    wanted = request.need("releaseState")
    if wanted not in ("ONLINE", "OFFLINE"):
        raise Refused(request.generic, "releaseState is not valid")
    with request.state.lock:
        row = _row(request, project, code)
        schedules = request.state.schedules_of(code)
        if wanted == "OFFLINE" and len(schedules) > 1:
            raise Refused(TWO_SCHEDULES_IN_RELEASE, "two schedules found where one is expected")
        row["releaseState"] = wanted
        if wanted == "OFFLINE":
            for schedule in schedules:
                schedule["releaseState"] = "OFFLINE"
    return envelope(True if request.dialect.answers_true else None)


def switch(request: Request) -> Answer:
    """The native switch: forces OFFLINE and leaves the schedule's row ONLINE, asleep."""
    project, code, version = request.args
    with request.state.lock:
        row = _row(request, project, code)
        logged = next((old for old in request.state.definition_log[code] if old["version"] == version), None)
        if logged is None:
            raise Refused(10153, "no such version")
        kept = {key: logged[key] for key in ("name", "globalParams", "timeout", "executionType")}
        texts = {key: logged[key] for key in ("description", "locations") if logged[key] is not None}
        row.update(**kept, **texts, version=version, releaseState="OFFLINE")
    return envelope(None)


def delete(request: Request) -> Answer:
    project, code = request.args
    with request.state.lock:
        row = _row(request, project, code)
        schedules = request.state.schedules_of(code)
        if row["releaseState"] == "ONLINE" or len(schedules) > 1:
            raise Refused(50021, "process definition is online")
        if any(schedule["releaseState"] == "ONLINE" for schedule in schedules):
            raise Refused(IS_RUNNING_SCHEDULE, "schedule is online")
        request.state.schedules = [one for one in request.state.schedules if one not in schedules]
        del request.state.definitions[code]
    return envelope(None)


def _all(request: Request) -> list[Row]:
    with request.state.lock:
        return list(request.state.in_project(request.args[0]))


def _name(request: Request) -> str:
    return request.need("name")


def _row(request: Request, project: int, code: int) -> Row:
    row = request.state.definition(project, code)
    if row is None:
        raise Refused(NOT_FOUND, f"process definition {code} does not exist")
    return row


def _tenant(request: Request) -> Row:
    if not request.dialect.has_tenant:
        return {}
    code = request.need("tenantCode")
    if code == "default":
        return {"tenantId": -1, "tenantCode": "default"}
    for tenant in request.state.tenants:
        if tenant["tenantCode"] == code:
            return {"tenantId": tenant["id"], "tenantCode": code}
    raise Refused(10017, "tenant does not exist")


def _fields(request: Request) -> Row:
    form = request.form
    return {
        "description": form.get("description"),
        "globalParams": form.get("globalParams", "[]"),
        "locations": form.get("locations"),
        "timeout": request.whole("timeout", 0),
        "executionType": form.get("executionType", "PARALLEL"),
    }


def _log(request: Request, row: Row) -> None:
    own = {"id": request.state.next_id("definition_log"), "operator": request.user["id"], "operateTime": now_text()}
    request.state.definition_log[row["code"]].append({**row, **own})


def _definition_out(row: Row) -> Row:
    parameters = _parsed(row["globalParams"])
    named = {item["prop"]: item.get("value") for item in parameters if isinstance(item, dict) and "prop" in item}
    shown = {
        **row,
        "globalParamList": parameters,
        "globalParamMap": named,
        "userName": None,
        "projectName": None,
        "scheduleReleaseState": None,
        "modifyBy": None,
        "warningGroupId": 0,
    }
    if shown.get("tenantId") == -1:
        shown["tenantCode"] = None
    return shown


def _task_out(task: Row) -> Row:
    params: Any = json.loads(task["taskParams"])
    extra = {
        "taskParamList": params.get("localParams", []),
        "taskParamMap": None,
        "userName": None,
        "projectName": None,
    }
    return {**task, "taskParams": params, **extra, "modifyBy": None, "resourceIds": "", "dependence": ""}


def _parsed(text: str) -> list[Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return []
    return value if isinstance(value, list) else []
