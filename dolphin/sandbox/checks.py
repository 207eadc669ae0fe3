"""What a definition is refused for, in the order the server finds it.

Enters: the form of a create or an update. Leaves: its tasks and relations as rows, or `Refused`. The saving endpoints import this.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from dolphin.sandbox.answers import Refused, Row
from dolphin.sandbox.request import Request

NAME_LENGTH = 200
DESCRIPTION_LENGTH = 255
TEXT_BYTES = 65_535
FOUR_BYTES = re.compile("[\U00010000-\U0010ffff]")  # MySQL's utf8 holds three
TASK_TYPES = frozenset(
    "SHELL SQL PYTHON HTTP DEPENDENT CONDITIONS SWITCH SUB_PROCESS SUB_WORKFLOW DATAX SPARK FLINK PROCEDURE MR SQOOP".split()
)


def check_names(request: Request, name: str, taken: Iterable[str]) -> None:
    """Compare a name as MySQL does, without case and trailing blanks; refuse what is too long."""
    if len(name) > NAME_LENGTH:
        raise Refused(request.generic, "data too long")
    if len(request.form.get("description") or "") > DESCRIPTION_LENGTH:
        raise Refused(1400004, "description is too long error")
    if _folded(name) in map(_folded, taken):
        raise Refused(10168, f"process definition name {name} already exists")


def parts(request: Request) -> tuple[list[Row], list[Row]]:
    """Return (tasks, relations) of the form, judged as the server judges them."""
    tasks = _rows(request.need("taskDefinitionJson"))
    relations = [request.dialect.inward(row) for row in _rows(request.need("taskRelationJson"))]
    if not tasks or not relations:
        raise Refused(50017, "data {0} not valid")
    _check_texts(request)
    codes = [number(task.get("code")) for task in tasks]
    if len(set(codes)) != len(codes):
        raise Refused(10001, "duplicate task code")
    for task in tasks:
        _check_task(request, task)
    _check_relations(set(codes), relations)
    return tasks, relations


def number(value: Any) -> Any:
    """Take number strings as numbers, and leave the rest."""
    try:
        return int(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _folded(name: str) -> str:
    return name.rstrip(" ").casefold()


def _rows(text: str) -> list[Row]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(50017, f"data {text[:40]} not valid") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(50017, f"data {text[:40]} not valid")
    return rows


def _check_texts(request: Request) -> None:
    for key in ("locations", "globalParams"):
        if len(request.form.get(key, "").encode(errors="replace")) > TEXT_BYTES:
            raise Refused(request.generic, "data too long")
    if any(FOUR_BYTES.search(value) for value in request.form.values() if not value.isascii()):
        raise Refused(request.generic, "incorrect string value")


def _check_task(request: Request, task: Row) -> None:
    name, params = task.get("name"), task.get("taskParams")
    if task.get("taskType") not in TASK_TYPES:
        raise Refused(50020, f"process node {name} parameter invalid")
    if params is None:
        raise Refused(10001, "taskParams is not valid")
    # Characters may hide behind escapes; only parameters sent as text keep theirs.
    sent = {key: value for key, value in task.items() if key != "taskParams" or not isinstance(value, str)}
    if FOUR_BYTES.search(json.dumps(sent, ensure_ascii=False)):
        raise Refused(request.generic, "incorrect string value")
    try:
        params = json.loads(params) if isinstance(params, str) else params
    except ValueError:
        raise Refused(50020, f"process node {name} parameter invalid") from None
    if not params or (task["taskType"] == "SHELL" and not params.get("rawScript")):
        raise Refused(50020, f"process node {name} parameter invalid")
    if len(str(name or "")) > NAME_LENGTH:
        raise Refused(request.generic, "data too long")


def _check_relations(codes: set[Any], relations: list[Row]) -> None:
    """Refuse edges to nowhere, and tasks that can't be reached from a root edge: a cycle, or no root at all."""
    needs: dict[Any, set[Any]] = {}
    for relation in relations:
        pre, post = number(relation.get("preTaskCode", 0)), number(relation.get("postTaskCode"))
        if post not in codes:
            raise Refused(50030, f"task definition [{post}] does not exist")
        if pre and pre not in codes:
            raise Refused(10001, f"preTaskCode {pre} is not valid")
        needs.setdefault(post, set()).update({pre} - {0})
    reached: set[Any] = set()
    while ready := {post for post, before in needs.items() if post not in reached and before <= reached}:
        reached |= ready
    if reached != set(needs):
        raise Refused(50019, "process node has cycle")
