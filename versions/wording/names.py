"""What the codes inside a comparison stand for, so that sentences can name tasks and other workflows."""

from collections.abc import Iterator
from typing import Any, Final

from audit.actors import Actor
from catalog.models import Workflow
from definitions.compare import Change, Comparison
from definitions.document import Document
from definitions.numbers import is_code
from snapshotter.masking import masked_value

_KEYS: Final = ("workflowDefinitionCode", "definitionCode")
_PARAMS: Final = ("taskParams.workflowDefinitionCode", "taskParams.dependence")
_TASK_PARAMS: Final = ("taskParams.conditionResult", "taskParams.switchResult", "taskParams.dependence")
_MOST: Final = 500  # workflows looked up for one comparison; the others are shown by code


def names_for(comparison: Comparison, *documents: Document, reader: Actor) -> dict[int, str]:
    """Return names by code: the tasks of the documents, and the workflows the changes refer to, as far as the reader may see them."""
    codes = {code for change in comparison.changes for code in _codes(change)}
    if not codes:
        return task_names(*documents)
    found = Workflow.objects.visible_to(reader).filter(workflow_code__in=sorted(codes)[:_MOST])
    named = {code: name for code, name in found.values_list("workflow_code", "name") if code is not None}
    return {**task_names(*documents), **named}


def refers_to_tasks(comparison: Comparison) -> bool:
    """Whether changed values name tasks by code, so that a definition must be read for their names."""
    return any(change.field.startswith(_TASK_PARAMS) for change in comparison.changes)


def changed_names(comparison: Comparison) -> dict[int, str]:
    """Return the names, masked, that the changes themselves tell: those of removed tasks stand nowhere else on the right."""
    return {change.task: masked_value(change.name) for change in comparison.changes if change.task is not None}


def task_names(*documents: Document) -> dict[int, str]:
    """Return the tasks' names by code, masked; the last document's where a task was renamed."""
    return {
        code: masked_value(str(task.get("name", ""))) for document in documents for code, task in document.tasks.items()
    }


def task_types(*documents: Document) -> dict[int, str]:
    """Return the tasks' types by code."""
    return {code: str(task.get("taskType", "")) for document in documents for code, task in document.tasks.items()}


def _codes(change: Change) -> Iterator[int]:
    """Yield the codes of workflows that a changed sub-workflow or dependent task refers to."""
    if change.field.startswith(_PARAMS):
        for value in (change.before, change.after):
            yield from _within({change.field.rpartition(".")[2]: value})


def _within(value: Any) -> Iterator[int]:
    if isinstance(value, list):
        for item in value:
            yield from _within(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in _KEYS and is_code(item):
                yield item
            else:
                yield from _within(item)
