"""What a definition points at outside itself, taken from task parameters in canonical spelling."""

from collections.abc import Iterator
from typing import Any

from definitions.document import Document
from definitions.numbers import is_code, is_long

Json = dict[str, Any]


def sub_workflows(document: Document) -> set[int]:
    """Return the codes of workflows it runs as tasks."""
    codes = (params.get("workflowDefinitionCode") for params in _params(document, "SUB_WORKFLOW", "DYNAMIC"))
    return {code for code in codes if is_code(code)}


def dependencies(document: Document) -> set[tuple[int, int]]:
    """Return (project code or 0, workflow code) of what its DEPENDENT tasks wait for."""
    found = set()
    for params in _params(document, "DEPENDENT"):
        for item in _items(params):
            code, project = item.get("definitionCode"), item.get("projectCode")
            if is_code(code):
                found.add((project if is_code(project) else 0, code))
    return found


def data_sources(document: Document) -> set[int]:
    """Return the ids of data sources its tasks name, whatever their type: SQL, PROCEDURE, DATAX and the like."""
    found = set()
    for task in document.tasks.values():
        params = task.get("taskParams")
        for key in ("datasource", "dataSource", "dataTarget", "sourceDatasource", "targetDatasource"):
            value = params.get(key) if isinstance(params, dict) else None
            if is_code(value) or (isinstance(value, str) and is_long(value) and int(value)):
                found.add(int(value))
    return found


def resources(document: Document) -> set[str]:
    """Return the files of the resource centre its tasks use, by name or id."""
    found = set()
    for task in document.tasks.values():
        params = task.get("taskParams")
        rows = params.get("resourceList") if isinstance(params, dict) else None
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                found.add(str(row.get("resourceName") or row.get("res") or row.get("id")))
    return found


def _params(document: Document, *types: str) -> Iterator[Json]:
    for task in document.tasks.values():
        params = task.get("taskParams")
        if task.get("taskType") in types and isinstance(params, dict):
            yield params


def _items(params: Json) -> Iterator[Json]:
    dependence = params.get("dependence")
    groups = dependence.get("dependTaskList") if isinstance(dependence, dict) else None
    for group in groups if isinstance(groups, list) else []:
        items = group.get("dependItemList") if isinstance(group, dict) else None
        yield from (item for item in items if isinstance(item, dict)) if isinstance(items, list) else ()
