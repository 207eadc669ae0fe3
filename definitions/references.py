"""What a task refers to outside its workflow: data sources, other workflows, worker groups, environments. Pure.

Enters: a task in canonical form. Leaves: references. Facts from DolphinScheduler's parameter classes (docs/canonical-form.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from definitions.numbers import is_code, is_long


class Kind(StrEnum):
    WORKER_GROUP = "worker_group"
    ENVIRONMENT = "environment"
    DATA_SOURCE = "data_source"
    SUB_WORKFLOW = "sub_workflow"
    DEPENDENCY = "dependency"


@dataclass(frozen=True, slots=True)
class Reference:
    """`value` is a name, id or code; `within` the data source's type, or the project's code of a dependency."""

    kind: Kind
    value: str | int
    within: str | int = ""


_SUB_WORKFLOWS: Final = ("SUB_WORKFLOW", "DYNAMIC")
_DATA_SOURCES: Final = (("type", "datasource"), ("dsType", "dataSource"), ("dtType", "dataTarget"))


def references(task: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield what a task refers to; a schedule has a worker group and an environment too. Defaults (group default, -1) are no references."""
    params = task.get("taskParams")
    params = params if isinstance(params, Mapping) else {}
    if task.get("workerGroup", "default") not in ("default", ""):
        yield Reference(Kind.WORKER_GROUP, str(task["workerGroup"]))
    if is_code(task.get("environmentCode")):
        yield Reference(Kind.ENVIRONMENT, task["environmentCode"])
    yield from _data_sources(params)
    code = _whole(params.get("workflowDefinitionCode"))
    if task.get("taskType") in _SUB_WORKFLOWS and code:
        yield Reference(Kind.SUB_WORKFLOW, code)
    if task.get("taskType") == "DEPENDENT":
        yield from _dependencies(params.get("dependence"))


def _data_sources(params: Mapping[str, Any]) -> Iterator[Reference]:
    for kind, key in _DATA_SOURCES:
        number = _whole(params.get(key))
        if number and isinstance(params.get(kind), str):
            yield Reference(Kind.DATA_SOURCE, number, params[kind])


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """Another workflow that a task runs or waits for. `named_task`: the one task that is waited for, 0 for the whole workflow."""

    kind: Kind
    workflow: int
    project: int = 0
    named_task: int = 0


def calls(task: Mapping[str, Any]) -> Iterator[Call]:
    """Yield the workflows that a task in canonical form runs or waits for; one that is switched off does neither."""
    if task.get("flag") == "NO":
        return
    params = task.get("taskParams")
    params = params if isinstance(params, Mapping) else {}
    code = _whole(params.get("workflowDefinitionCode"))
    if task.get("taskType") in _SUB_WORKFLOWS and code:
        yield Call(Kind.SUB_WORKFLOW, code)
    if task.get("taskType") == "DEPENDENT":
        for item in _items(params.get("dependence")):
            if code := _whole(item.get("definitionCode")):
                yield Call(Kind.DEPENDENCY, code, _whole(item.get("projectCode")), _whole(item.get("depTaskCode")))


def _dependencies(dependence: Any) -> Iterator[Reference]:
    for item in _items(dependence):
        code = _whole(item.get("definitionCode"))
        if code:
            yield Reference(Kind.DEPENDENCY, code, _whole(item.get("projectCode")))


def _items(dependence: Any) -> Iterator[Mapping[str, Any]]:
    groups = dependence.get("dependTaskList") if isinstance(dependence, Mapping) else None
    for group in groups if isinstance(groups, list) else []:
        items = group.get("dependItemList") if isinstance(group, Mapping) else None
        yield from (item for item in items if isinstance(item, Mapping)) if isinstance(items, list) else ()


def _whole(value: Any) -> int:
    """Return a code or an id, also one that stands as text; 0 for anything else."""
    if isinstance(value, str) and is_long(value):
        return int(value)
    return value if is_code(value) else 0
