"""The way back from changes to a definition: `apply(compare(left, right), left)` is right. Proves that a comparison leaves nothing out."""

from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from definitions.canonical import relation_bytes
from definitions.changes import PARAMETER_KINDS, TASK_KINDS, Change, Comparison, Kind
from definitions.document import Document, Json
from definitions.parameters import by_prop


def apply(comparison: Comparison, left: Document) -> Document:
    """Return the document that the changes lead to. The comparison must be unmasked and of this left side; else KeyError or ValueError."""
    label = comparison.of(Kind.LABEL_CHANGED)
    settings = _set_all(left.settings, comparison.of(Kind.SETTING_CHANGED))
    return Document(
        name=label[0].after if label else left.name,
        settings=_parameters(settings, comparison.of(*PARAMETER_KINDS)),
        tasks=_tasks(left.tasks, comparison),
        relations=_relations(left.relations, comparison),
        layout=_layout(left.layout, comparison.of(Kind.LAYOUT_CHANGED)),
        schedule=_schedule(left.schedule, comparison),
    )


def _set_all(value: Json, changes: Iterable[Change]) -> Json:
    changed = deepcopy(value)
    for change in changes:
        place: Any = changed
        for step in change.path[:-1]:
            place = place[step]
        if change.after_absent:
            del place[change.path[-1]]
        else:
            place[change.path[-1]] = deepcopy(change.after)
    return changed


def _parameters(settings: Json, changes: list[Change]) -> Json:
    if not changes:
        return settings
    kept = by_prop(settings.get("globalParams", []))
    if kept is None:
        raise ValueError("the left side's parameters have no distinct names")
    for change in changes:
        if change.kind == Kind.PARAMETER_CHANGED:
            kept[change.path[1]] = deepcopy(change.after)
        elif change.kind == Kind.PARAMETER_REMOVED:
            del kept[change.path[1]]
    listed = list(kept.values())
    for change in sorted(
        (change for change in changes if change.index is not None), key=lambda change: change.index or 0
    ):
        listed.insert(change.index or 0, deepcopy(change.after))
    return {key: item for key, item in {**settings, "globalParams": listed}.items() if key != "globalParams" or listed}


def _tasks(tasks: dict[int, Json], comparison: Comparison) -> dict[int, Json]:
    found = dict(tasks)
    edits: dict[int, list[Change]] = {}
    for change in comparison.of(*TASK_KINDS):
        code = change.task or 0
        if change.kind == Kind.TASK_ADDED:
            found[code] = deepcopy(change.after)
        elif change.kind == Kind.TASK_REMOVED:
            del found[code]
        else:
            edits.setdefault(code, []).append(change)
    for code, changes in edits.items():
        found[code] = _set_all(found[code], changes)
    return dict(sorted(found.items()))


def _relations(relations: list[Json], comparison: Comparison) -> list[Json]:
    gone = Counter(relation_bytes(change.before) for change in comparison.of(Kind.RELATION_REMOVED))
    kept = []
    for relation in relations:
        key = relation_bytes(relation)
        if gone[key]:
            gone[key] -= 1
        else:
            kept.append(relation)
    if gone.total():
        raise ValueError("an edge that went is not there")
    kept += [deepcopy(change.after) for change in comparison.of(Kind.RELATION_ADDED)]
    return sorted(kept, key=relation_bytes)


def _layout(layout: dict[int, Json] | None, changes: list[Change]) -> dict[int, Json] | None:
    if not changes:
        return layout
    found = dict(layout or {})
    for change in changes:
        if change.after is None:
            del found[change.task or 0]
        else:
            found[change.task or 0] = deepcopy(change.after)
    return dict(sorted(found.items()))


def _schedule(schedule: Json | None, comparison: Comparison) -> Json | None:
    for change in comparison.of(Kind.SCHEDULE_ADDED, Kind.SCHEDULE_REMOVED):
        whole: Json | None = deepcopy(change.after)
        return whole
    return schedule if schedule is None else _set_all(schedule, comparison.of(Kind.SCHEDULE_CHANGED))
