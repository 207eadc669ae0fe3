"""The neutral document to DolphinScheduler's request forms: the way back from `dolphin/payloads.py`.

What is left out of a form is not "unchanged" to DolphinScheduler: every field is sent every time, and a task that has not changed is
sent back exactly as it was read, with its live version, so that it keeps it.
"""

import json
from collections.abc import Mapping
from typing import Any

from definitions import normalise
from definitions.canonical import expand
from definitions.document import Document
from definitions.strict_json import dumps
from dolphin.flavours import Flavour

Json = dict[str, Any]
Form = dict[str, str | int]


def definition_form(
    document: Document, *, flavour: Flavour, live: Json | None, task_versions: Mapping[int, int] | None = None
) -> Form:
    """Return the form of a create (`live` None) or update.

    `live` is the DagData read just before; `task_versions` the highest known version of codes that live does not show (0: never sent).
    """
    full = expand(document)
    rows = {row["code"]: row for row in (live or {}).get("taskDefinitionList", [])}
    tasks = [
        _task(code, document.tasks[code], full.tasks[code], rows.get(code), flavour, (task_versions or {}).get(code, 0))
        for code in document.tasks
    ]
    versions = {task["code"]: task["version"] for task in tasks}
    settings = full.settings
    form: Form = {
        "name": document.name,
        "description": settings["description"],
        "globalParams": _text(settings["globalParams"]),
        "locations": _text([{"taskCode": code, **place} for code, place in (document.layout or {}).items()]),
        "timeout": settings["timeout"],
        "taskDefinitionJson": _text(tasks),
        "taskRelationJson": _text([_relation(relation, versions) for relation in full.relations]),
    }
    if flavour.has_workflow_tenant:
        form["tenantCode"] = settings["tenantCode"]
    if flavour.has_execution_type:
        form["executionType"] = settings["executionType"]
    return form


def schedule_form(schedule: Json, *, flavour: Flavour, workflow_code: int | None) -> Form:
    """Return the form of a schedule create (`workflow_code` given) or update. `schedule` in canonical form."""
    full = expand(Document("", {}, {}, [], schedule=schedule)).schedule or {}
    times = {key: full[key] for key in ("startTime", "endTime", "timezoneId", "crontab")}
    if flavour.has_missed_fire_policy:
        times["missedFirePolicy"] = full["missedFirePolicy"]
    form: Form = {
        "schedule": _text(times),
        "warningType": full["warningType"],
        "warningGroupId": full["warningGroupId"],
        "failureStrategy": full["failureStrategy"],
        "workerGroup": full["workerGroup"],
        "environmentCode": full["environmentCode"],
        flavour.priority_key: full["workflowInstancePriority"],
    }
    if flavour.has_schedule_tenant:
        form["tenantCode"] = full["tenantCode"]
    if workflow_code is not None:
        form[flavour.code_key] = workflow_code
    return form


def start_form(schedule: Json, *, flavour: Flavour, workflow_code: int, time: str) -> Form:
    """Return the form that starts the run of one schedule time (DolphinScheduler's own text), as its schedule would have."""
    full = expand(Document("", {}, {}, [], schedule=schedule)).schedule or {}
    form: Form = {
        flavour.code_key: workflow_code,
        "scheduleTime": _text({"complementScheduleDateList": time}),
        "execType": "COMPLEMENT_DATA",
        "runMode": "RUN_MODE_SERIAL",
        "failureStrategy": full["failureStrategy"],
        "warningType": full["warningType"],
        "warningGroupId": full["warningGroupId"],
        "workerGroup": full["workerGroup"],
        "environmentCode": full["environmentCode"],
        flavour.priority_key: full["workflowInstancePriority"],
    }
    if flavour.has_schedule_tenant:
        form["tenantCode"] = full["tenantCode"]
    return form


def _task(code: int, canonical: Json, full: Json, row: Json | None, flavour: Flavour, known_version: int) -> Json:
    if row is not None and dumps(normalise.task(row)) == dumps(canonical):
        return row
    task = {**full, "code": code, "version": row["version"] if row else known_version}
    # Null is read back as WARN with the usual MySQL connector, and would make a new task version with every write.
    task.setdefault("timeoutNotifyStrategy", "WARN")
    if not flavour.needs_is_cache:
        task.pop("isCache", None)
    return spelled(task, flavour)


def spelled(task: Json, flavour: Flavour) -> Json:
    """Give sub-workflow tasks the flavour's own words."""
    if task["taskType"] == "SUB_WORKFLOW":
        task["taskType"] = flavour.sub_workflow
    params = task["taskParams"]
    if flavour.code_key == "processDefinitionCode" and "workflowDefinitionCode" in params:
        code = params["workflowDefinitionCode"]
        rest = {key: value for key, value in params.items() if key != "workflowDefinitionCode"}
        task["taskParams"] = {**rest, "processDefinitionCode": code}
    return task


def _relation(relation: Json, versions: Mapping[int, int]) -> Json:
    pre, post = relation["preTaskCode"], relation["postTaskCode"]
    return {**relation, "preTaskVersion": versions.get(pre, 0), "postTaskVersion": versions.get(post, 0)}


def _text(value: Any) -> str:
    """Compact JSON, key order kept: a space after a colon switches off DolphinScheduler's guards, another order makes a task version."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
