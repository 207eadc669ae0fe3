"""How a definition is saved: what is refused, and which versions tasks get.

Seen on 3.1.1: the version sent with a task decides. The live one with equal content changes nothing; with other content it becomes the
highest plus one; zero means version 1; an unknown number is stored as it is and spoils the task.
"""

import json
from collections.abc import Iterable
from typing import Any

from dolphin.sandbox.answers import Refused, Row
from dolphin.sandbox.request import Request
from dolphin.sandbox.state import now_text

NAME_LENGTH = 200
DESCRIPTION_LENGTH = 255
TEXT_BYTES = 65_535
TASK_TYPES = frozenset(
    [
        "SHELL",
        "SQL",
        "PYTHON",
        "HTTP",
        "DEPENDENT",
        "CONDITIONS",
        "SWITCH",
        "SUB_PROCESS",
        "SUB_WORKFLOW",
        "DATAX",
        "SPARK",
        "FLINK",
        "PROCEDURE",
        "MR",
        "SQOOP",
    ]
)
# What the server compares, with what the database makes of a missing value.
TASK_FIELDS: dict[str, Any] = {
    "name": "",
    "description": None,
    "taskType": "",
    "taskParams": "",
    "flag": "NO",
    "taskPriority": "HIGHEST",
    "workerGroup": None,
    "environmentCode": 0,
    "failRetryTimes": 0,
    "failRetryInterval": 0,
    "timeoutFlag": "CLOSE",
    "timeoutNotifyStrategy": "WARN",
    "timeout": 0,
    "delayTime": 0,
    "taskGroupId": 0,
    "taskGroupPriority": 0,
    "cpuQuota": -1,
    "memoryMax": -1,
    "taskExecuteType": "BATCH",
}
NUMBERS = frozenset(key for key, value in TASK_FIELDS.items() if isinstance(value, int))
# Absent, these never equal what the database stored for them.
NEVER_EQUAL_WHEN_ABSENT = ("cpuQuota", "memoryMax", "timeoutNotifyStrategy")


def parts(request: Request) -> tuple[list[Row], list[Row]]:
    """Return (tasks, relations) of the form, judged as the server judges them."""
    tasks = _rows(request.need("taskDefinitionJson"))
    relations = [request.dialect.inward(row) for row in _rows(request.need("taskRelationJson"))]
    if not tasks or not relations:
        raise Refused(50017, "data is not valid")
    _check_texts(request)
    codes = [number(task.get("code")) for task in tasks]
    if len(set(codes)) != len(codes):
        raise Refused(10001, "duplicate task code")
    for task in tasks:
        _check_task(request, task)
    _check_relations(set(codes), relations)
    return tasks, relations


def check_names(request: Request, name: str, taken: Iterable[str]) -> None:
    """A name is compared as MySQL does: without case and trailing blanks."""
    if len(name) > NAME_LENGTH:
        raise Refused(request.generic, "data too long")
    if len(request.form.get("description") or "") > DESCRIPTION_LENGTH:
        raise Refused(1400004, "description is too long")
    if name.rstrip().casefold() in {other.rstrip().casefold() for other in taken}:
        raise Refused(10168, f"definition name {name} already exists")


def resolve(request: Request, tasks: list[Row]) -> list[Row]:
    """Return each task's row with its version; rows that are new carry "fresh". Nothing is stored yet."""
    return [_resolve(request, task) for task in tasks]


def store(request: Request, project: int, workflow: int, version: int, rows: list[Row], relations: list[Row]) -> None:
    """Store task rows that are new and the relations of one workflow version."""
    state, stamp = request.state, now_text()
    versions = {}
    for row in rows:
        versions[row["code"]] = row["version"]
        if row.pop("fresh"):
            kept = {**row, "id": state.next_id("task_log"), "projectCode": project, "userId": request.user["id"]}
            kept |= {"createTime": stamp, "updateTime": stamp, "operator": request.user["id"], "operateTime": stamp}
            unknown = row.pop("unknown", False)
            kept.pop("unknown", None)
            state.task_log[row["code"]].append(kept)
            state.tasks[row["code"]] = [*(state.tasks[row["code"]] if unknown else []), kept]
    for relation in relations:
        pre, post = number(relation.get("preTaskCode", 0)), number(relation["postTaskCode"])
        state.relation_log[workflow].append(
            {
                "id": state.next_id("relations"),
                "name": relation.get("name") or "",
                "processDefinitionVersion": version,
                "projectCode": project,
                "processDefinitionCode": workflow,
                "preTaskCode": pre,
                "preTaskVersion": versions.get(pre, 0),
                "postTaskCode": post,
                "postTaskVersion": versions[post],
                "conditionType": relation.get("conditionType") or "NONE",
                "conditionParams": relation.get("conditionParams") or {},
                "createTime": stamp,
                "updateTime": stamp,
                "operator": request.user["id"],
                "operateTime": stamp,
            }
        )


def number(value: Any) -> Any:
    """Number strings are taken as numbers."""
    try:
        return int(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _resolve(request: Request, task: Row) -> Row:
    code, sent = number(task["code"]), number(task.get("version")) or 0
    content = _content(task)
    log = request.state.task_log.get(code, [])
    if not log:
        return {"code": code, "version": sent or 1, **content, "fresh": True}
    matches = [row for row in log if row["version"] == (sent or 1)]
    if len(matches) > 1:
        raise Refused(10107, "Duplicate key TaskDefinition")
    if not matches:
        return {"code": code, "version": sent or 1, **content, "fresh": True, "unknown": True}
    if _equal(task, content, matches[0]):
        return {"code": code, "version": matches[0]["version"], "fresh": False}
    if len(request.state.tasks.get(code, [])) > 1:
        raise Refused(10107, "two rows found where one is expected")
    return {"code": code, "version": max(row["version"] for row in log) + 1, **content, "fresh": True}


def _equal(task: Row, content: Row, row: Row) -> bool:
    if any(task.get(key) is None for key in NEVER_EQUAL_WHEN_ABSENT):
        return False
    return all(content[key] == row[key] for key in TASK_FIELDS)


def _content(task: Row) -> Row:
    content = {}
    for key, missing in TASK_FIELDS.items():
        value = task.get(key)
        value = missing if value is None else value
        content[key] = number(value) if key in NUMBERS else value
    if not isinstance(content["taskParams"], str):
        content["taskParams"] = json.dumps(content["taskParams"], ensure_ascii=False, separators=(",", ":"))
    return content


def _check_texts(request: Request) -> None:
    for key in ("locations", "globalParams"):
        if len(request.form.get(key, "").encode()) > TEXT_BYTES:
            raise Refused(request.generic, "data too long")
    texts = [*request.form.values(), *_decoded(request)]
    if any(ord(char) > 0xFFFF for text in texts for char in text):
        raise Refused(request.generic, "incorrect string value: a character of four bytes")


def _decoded(request: Request) -> list[str]:
    """The texts inside the JSON: a character of four bytes may come as an escape."""
    return [json.dumps(_rows(request.form.get("taskDefinitionJson", "[]")), ensure_ascii=False)]


def _check_task(request: Request, task: Row) -> None:
    if task.get("taskType") not in TASK_TYPES or not task.get("taskParams"):
        raise Refused(50020, f"task {task.get('name')} parameters are not valid")
    params = task["taskParams"]
    try:
        params = json.loads(params) if isinstance(params, str) else params
    except ValueError:
        raise Refused(50020, "task parameters are no JSON") from None
    if task["taskType"] == "SHELL" and not params.get("rawScript"):
        raise Refused(50020, f"task {task.get('name')} parameters are not valid")
    if len(str(task.get("name") or "")) > NAME_LENGTH:
        raise Refused(request.generic, "data too long")


def _check_relations(codes: set[Any], relations: list[Row]) -> None:
    edges: dict[Any, set[Any]] = {}
    for relation in relations:
        pre, post = number(relation.get("preTaskCode", 0)), number(relation.get("postTaskCode"))
        if post not in codes:
            raise Refused(50030, "task definition does not exist")
        if pre and pre not in codes:
            raise Refused(10001, "preTaskCode is not valid")
        edges.setdefault(post, set()).update({pre} - {0})
    reached: set[Any] = set()
    while ready := {post for post, needs in edges.items() if post not in reached and needs <= reached}:
        reached |= ready
    if reached != set(edges):
        raise Refused(50019, "process node has cycle")


def _rows(text: str) -> list[Row]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(50017, "data is not valid json") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(50017, "data is not valid json")
    return rows
