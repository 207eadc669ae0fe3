"""What makes a document a workflow: names, codes, edges that meet, no cycle. Everything DolphinScheduler would refuse or break on."""

from graphlib import CycleError, TopologicalSorter
from typing import Any

from definitions.document import Document
from definitions.errors import InvalidDefinition, TooManyTasks
from definitions.fields import TEXTS
from definitions.limits import Limits
from definitions.numbers import is_code


def validate(document: Document, limits: Limits) -> None:
    """Raise InvalidDefinition or TooManyTasks. Expects normalised parts."""
    if len(document.tasks) > limits.tasks:
        raise TooManyTasks(f"{len(document.tasks)} tasks; at most {limits.tasks} are taken", path="definitions.tasks")
    if not document.tasks:
        raise InvalidDefinition("a workflow has at least one task", path="definitions.tasks")
    check_name(document.name, "name", limits)
    for code, task in document.tasks.items():
        check_code(code, "definitions.tasks")
        check_name(task.get("name"), f"definitions.tasks.{code}.name", limits)
        if not isinstance(task.get("taskType"), str):
            raise InvalidDefinition("taskType must be text", path=f"definitions.tasks.{code}.taskType")
        _check_fields(task, f"definitions.tasks.{code}")
    _check_fields(document.settings, "definitions.settings")
    _check_relations(document)
    _check_schedule(document.schedule)


def check_name(name: Any, path: str, limits: Limits) -> None:
    if not isinstance(name, str) or not name.strip():
        raise InvalidDefinition("a name that is not blank is needed", path=path)
    if len(name) > limits.name_characters:
        raise InvalidDefinition(
            f"the name has {len(name)} characters; DolphinScheduler keeps at most {limits.name_characters}", path=path
        )


def _check_fields(fields: dict[str, Any], path: str) -> None:
    """Null is taken: some releases write it for a default."""
    for field in TEXTS & fields.keys():
        if fields[field] is not None and not isinstance(fields[field], str):
            raise InvalidDefinition("must be text", path=f"{path}.{field}")
    environment = fields.get("environmentCode")
    if environment is not None and not (is_code(environment) or (type(environment) is int and environment in (0, -1))):
        raise InvalidDefinition(
            "an environment's code is a whole number below 2^63, -1 for none", path=f"{path}.environmentCode"
        )


def check_code(code: Any, path: str) -> None:
    if not is_code(code):
        raise InvalidDefinition(f"a code is a positive whole number below 2^63, not {str(code)[:40]!r}", path=path)


def _check_schedule(schedule: dict[str, Any] | None) -> None:
    if schedule is None:
        return
    for field in ("crontab", "startTime", "endTime", "timezoneId"):
        if not isinstance(schedule.get(field), str) or not schedule[field].strip():
            raise InvalidDefinition("a schedule needs this as text", path=f"schedule.{field}")
    _check_fields(schedule, "schedule")


def _check_relations(document: Document) -> None:
    graph: dict[int, list[int]] = {}
    for number, relation in enumerate(document.relations):
        pre, post = relation["preTaskCode"], relation["postTaskCode"]
        path = f"relations.{number}"
        if post not in document.tasks:
            raise InvalidDefinition(f"postTaskCode {str(post)[:40]} is no task of this workflow", path=path)
        if pre != 0 and pre not in document.tasks:
            raise InvalidDefinition(f"preTaskCode {str(pre)[:40]} is no task of this workflow", path=path)
        graph.setdefault(post, []).extend([pre] if pre else [])
    loose = [code for code in document.tasks if code not in graph]
    if loose:
        raise InvalidDefinition(
            f"task {loose[0]} stands in no relation as postTaskCode; DolphinScheduler would drop it (a root has preTaskCode 0)",
            path="relations",
        )
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise InvalidDefinition(f"tasks depend on each other in a circle: {error.args[1]}", path="relations") from None
