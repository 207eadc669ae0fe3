"""Other codes for the tasks of a definition, and for the workflow where it names itself. Pure.

Enters: a Document, canonical or as read. Leaves: the same one with other codes. A workflow that was deleted in DolphinScheduler and made
anew has other codes there; in hashes and comparisons each task keeps its first one, its *origin* code.

A mapping is completed to a permutation, so nothing is lost on either way: a code that is some task's origin and yet stands in
DolphinScheduler, left from the former workflow, reads as another code instead of passing for that task's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from definitions.document import Document, Json
from definitions.errors import InvalidDefinition
from definitions.task_params import number

_RELATION_ENDS = ("preTaskCode", "postTaskCode")
_BRANCHES = ("successNode", "failedNode")
Change = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Aliases:
    """What the codes in DolphinScheduler stand for.

    `pairs`: code there -> origin code, of the tasks made anew; `tasks`: the same as a permutation.
    `origin_workflow`: the workflow's first code, None while it still has that one; `workflow`: the
    one it has now, None before it is created.
    """

    pairs: Mapping[int, int] = field(default_factory=dict)
    tasks: Mapping[int, int] = field(default_factory=dict)
    origin_workflow: int | None = None
    workflow: int | None = None

    @classmethod
    def of(cls, tasks: Mapping[int, int], *, origin_workflow: int | None = None) -> Self:
        """Return the aliases of {code there: origin code}. Raises InvalidDefinition where two codes have one origin."""
        return cls(tasks, _completed(tasks), origin_workflow)

    def at(self, workflow: int | None) -> Self:
        """Return these aliases for the workflow of this code."""
        return self if self.origin_workflow is None else replace(self, workflow=workflow)

    def to_origins(self, document: Document) -> Document:
        """Return what DolphinScheduler shows, by origin codes."""
        if not self.tasks and self.origin_workflow is None:
            return document
        return _recoded(document, self.tasks, self._workflows, own=self.workflow)

    def to_present(self, document: Document) -> Document:
        """Return a definition by origin codes as it is written to DolphinScheduler."""
        if not self.tasks and self.origin_workflow is None:
            return document
        own = self.origin_workflow if self.workflow is not None else None
        return _recoded(document, self._present, self._workflows, own=own)

    def present_of(self, origin: int) -> int:
        """Return the code a task of this origin has in DolphinScheduler."""
        return self._present.get(origin, origin)

    @property
    def _present(self) -> dict[int, int]:
        return {origin: code for code, origin in self.tasks.items()}

    @property
    def _workflows(self) -> dict[int, int]:
        """The present code for the first one and the other way round: its own inverse."""
        if self.workflow is None or self.origin_workflow is None:
            return {}
        return {self.workflow: self.origin_workflow, self.origin_workflow: self.workflow}


NO_ALIASES = Aliases()


def _completed(pairs: Mapping[int, int]) -> dict[int, int]:
    """Close every chain of codes to a ring."""
    back = {origin: code for code, origin in pairs.items()}
    if len(back) != len(pairs):
        raise InvalidDefinition("two task codes stand for one task")
    ends = set(back) - set(pairs)
    closing = {}
    for end in ends:
        start = end
        while start in back:
            start = back[start]
        closing[end] = start
    return {**pairs, **closing}


def _recoded(
    document: Document, tasks: Mapping[int, int], workflows: Mapping[int, int], *, own: int | None
) -> Document:
    change = _changer(tasks)
    recode = _Params(change, _changer(workflows), own)
    layout = document.layout
    return replace(
        document,
        tasks={tasks.get(code, code): recode.task(task) for code, task in document.tasks.items()},
        relations=[_relation(relation, change) for relation in document.relations],
        layout=None if layout is None else {tasks.get(code, code): _place(at, change) for code, at in layout.items()},
    )


def _changer(codes: Mapping[int, int]) -> Change:
    """Return what gives a value another code: one that stands as a number, as text, or in a list keeps its form."""

    def change(value: Any) -> Any:
        if isinstance(value, list):
            return [change(item) for item in value]
        code = None if isinstance(value, bool) else number(value)
        if not isinstance(code, int) or code not in codes:
            return value
        return type(value)(codes[code])

    return change


def _relation(relation: Json, change: Change) -> Json:
    ends = {end: change(relation[end]) for end in _RELATION_ENDS if end in relation}
    params = relation.get("conditionParams")
    if isinstance(params, dict):
        return {**relation, **ends, "conditionParams": _branches(params, change)}
    return {**relation, **ends}


def _place(place: Json, change: Change) -> Json:
    return {**place, "taskCode": change(place["taskCode"])} if "taskCode" in place else place


def _branches(value: Json, change: Change) -> Json:
    return {key: change(item) if key in _BRANCHES else item for key, item in value.items()}


@dataclass(frozen=True, slots=True)
class _Params:
    """Gives the parameters of tasks other codes. `own`: the code under which the workflow names itself, before the change."""

    task_code: Change
    workflow_code: Change
    own: int | None

    def task(self, task: Json) -> Json:
        changed = {**task, "code": self.task_code(task["code"])} if "code" in task else task
        params = task.get("taskParams")
        if not isinstance(params, dict):
            return changed
        found = self._params(params, task.get("taskType") == "DEPENDENT")
        return changed if found is params else {**changed, "taskParams": found}

    def _params(self, params: Json, waits_for_others: bool) -> Json:
        changed = {}
        if isinstance(result := params.get("conditionResult"), dict):
            changed["conditionResult"] = _branches(result, self.task_code)
        if isinstance(result := params.get("switchResult"), dict):
            changed["switchResult"] = self._switch(result)
        if isinstance(dependence := params.get("dependence"), dict):
            change = self._others_item if waits_for_others else self._item
            changed["dependence"] = _items_changed(dependence, change)
        return {**params, **changed} if changed else params

    def _switch(self, result: Json) -> Json:
        changed = self._next(result)
        if "dependTaskList" not in changed:
            return changed
        return {**changed, "dependTaskList": _each(changed["dependTaskList"], self._next)}

    def _next(self, branch: Json) -> Json:
        return {**branch, "nextNode": self.task_code(branch["nextNode"])} if "nextNode" in branch else branch

    def _item(self, item: Json) -> Json:
        return {**item, "depTaskCode": self.task_code(item["depTaskCode"])} if "depTaskCode" in item else item

    def _others_item(self, item: Json) -> Json:
        """A DEPENDENT names tasks of other workflows, and of its own when it waits for an earlier run of itself."""
        if "definitionCode" not in item:
            return item
        is_own = self.own is not None and number(item["definitionCode"]) == self.own
        changed = {**item, "definitionCode": self.workflow_code(item["definitionCode"])}
        return self._item(changed) if is_own else changed


def _items_changed(dependence: Json, change: Callable[[Json], Json]) -> Json:
    def group(group: Json) -> Json:
        return (
            {**group, "dependItemList": _each(group["dependItemList"], change)} if "dependItemList" in group else group
        )

    if "dependTaskList" not in dependence:
        return dependence
    return {**dependence, "dependTaskList": _each(dependence["dependTaskList"], group)}


def _each(rows: Any, change: Callable[[Json], Json]) -> Any:
    """Change the objects of a list; whatever else stands there stays."""
    return [change(row) if isinstance(row, dict) else row for row in rows] if isinstance(rows, list) else rows
