"""The comparator: two definitions in canonical form in, typed changes out. Badge, list, page, API, proof and drift use this one.

It tells 1, 1.0 and true apart, as the hash does: no change is found exactly when all hashes are equal.
"""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from definitions import fields
from definitions.document import Document, Json
from definitions.secrets import Digest, mask, mask_field
from definitions.strict_json import dumps


class Kind(StrEnum):
    TASK_ADDED = "task_added"
    TASK_REMOVED = "task_removed"
    TASK_RENAMED = "task_renamed"
    TASK_MODIFIED = "task_modified"
    RELATION_ADDED = "relation_added"
    RELATION_REMOVED = "relation_removed"
    PARAMETER_ADDED = "parameter_added"
    PARAMETER_REMOVED = "parameter_removed"
    PARAMETER_CHANGED = "parameter_changed"
    SETTING_CHANGED = "setting_changed"
    SCHEDULE_ADDED = "schedule_added"
    SCHEDULE_REMOVED = "schedule_removed"
    SCHEDULE_CHANGED = "schedule_changed"
    LABEL_CHANGED = "label_changed"
    LAYOUT_CHANGED = "layout_changed"


@dataclass(frozen=True, slots=True)
class Change:
    """`task` and `name` where it is a task's; `field` a dotted path within the part; `before` or `after` None where absent."""

    kind: Kind
    task: int | None = None
    name: str = ""
    field: str = ""
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Comparison:
    changes: tuple[Change, ...]

    @property
    def is_identical(self) -> bool:
        return not self.changes

    def of(self, *kinds: Kind) -> list[Change]:
        return [change for change in self.changes if change.kind in kinds]


def compare(left: Document | None, right: Document, *, same_tasks: Set[int] = frozenset()) -> Comparison:
    """Compare two canonical documents; left None: everything is new.

    `same_tasks` are codes known to be equal by their hashes; they are not looked into.
    """
    base = left or Document(name=right.name, settings={}, tasks={}, relations=[], layout={}, schedule=None)
    return Comparison(
        (
            *_label(base, right),
            *_settings(base.settings, right.settings),
            *_tasks(base, right, same_tasks),
            *_relations(base, right),
            *_schedule(base.schedule, right.schedule),
            *_layout(base, right),
        )
    )


def summary(comparison: Comparison) -> dict[str, int]:
    """Return the counts of the change strip."""
    kinds = Counter(change.kind for change in comparison.changes)
    moved = [change for change in comparison.of(Kind.LAYOUT_CHANGED) if change.before and change.after]
    return {
        "tasks_added": kinds[Kind.TASK_ADDED],
        "tasks_removed": kinds[Kind.TASK_REMOVED],
        "tasks_modified": len({change.task for change in comparison.of(Kind.TASK_MODIFIED, Kind.TASK_RENAMED)}),
        "relations_added": kinds[Kind.RELATION_ADDED],
        "relations_removed": kinds[Kind.RELATION_REMOVED],
        "parameters": len(comparison.of(Kind.PARAMETER_ADDED, Kind.PARAMETER_REMOVED, Kind.PARAMETER_CHANGED)),
        "settings": kinds[Kind.SETTING_CHANGED],
        "schedule": len(comparison.of(Kind.SCHEDULE_ADDED, Kind.SCHEDULE_REMOVED, Kind.SCHEDULE_CHANGED)),
        "label": kinds[Kind.LABEL_CHANGED],
        "layout": len(moved),
    }


def masked(comparison: Comparison, *, digest: Digest) -> Comparison:
    """Return the comparison with secret values as digests; that they changed stays visible."""
    return Comparison(tuple(_masked(change, digest) for change in comparison.changes))


def to_json(comparison: Comparison) -> Json:
    """Return {"identical", "counts", "changes": [{"kind", "task", "name", "field", "before", "after"}]}."""
    return {
        "identical": comparison.is_identical,
        "counts": summary(comparison),
        "changes": [asdict(change) for change in comparison.changes],
    }


def same(left: Any, right: Any) -> bool:
    """Equality of JSON values that tells 1, 1.0 and true apart."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float):
        return repr(left) == repr(right)  # -0.0 is not 0.0 in JSON
    return bool(left == right)


def _masked(change: Change, digest: Digest) -> Change:
    if change.field:
        before, after = (mask_field(change.field, value, digest=digest) for value in (change.before, change.after))
    else:
        before, after = mask(change.before, digest=digest), mask(change.after, digest=digest)
    return replace(change, before=before, after=after)


def _label(left: Document, right: Document) -> Iterator[Change]:
    if left.name != right.name:
        yield Change(Kind.LABEL_CHANGED, field="name", before=left.name, after=right.name)


def _settings(left: Json, right: Json) -> Iterator[Change]:
    for field, before, after in _differences(left, right, fields.SETTINGS_DEFAULTS):
        if field == "globalParams":
            yield from _parameters(before, after)
        else:
            yield Change(Kind.SETTING_CHANGED, field=field, before=before, after=after)


def _parameters(before: Any, after: Any) -> Iterator[Change]:
    old, new = _by_prop(before), _by_prop(after)
    if old is None or new is None or (old.keys() == new.keys() and list(old) != list(new)):
        # Not told apart by name, or in another order.
        yield Change(Kind.SETTING_CHANGED, field="globalParams", before=before, after=after)
        return
    for prop in [*old, *(prop for prop in new if prop not in old)]:
        if not (prop in old and prop in new and same(old[prop], new[prop])):
            kind = Kind.PARAMETER_CHANGED if prop in old and prop in new else Kind.PARAMETER_REMOVED
            kind = kind if prop in old else Kind.PARAMETER_ADDED
            yield Change(kind, field=f"globalParams.{prop}", before=old.get(prop), after=new.get(prop))


def _by_prop(value: Any) -> dict[str, Json] | None:
    """Return parameters by name, None where they have no distinct names."""
    if not isinstance(value, list) or not all(
        isinstance(item, dict) and isinstance(item.get("prop"), str) for item in value
    ):
        return None
    by_prop = {item["prop"]: item for item in value}
    return by_prop if len(by_prop) == len(value) else None


def _tasks(left: Document, right: Document, same_tasks: Set[int]) -> Iterator[Change]:
    for code in sorted(left.tasks.keys() | right.tasks.keys()):
        before, after = left.tasks.get(code), right.tasks.get(code)
        if before is None and after is not None:
            yield Change(Kind.TASK_ADDED, code, _name(after), after=after)
        elif after is None and before is not None:
            yield Change(Kind.TASK_REMOVED, code, _name(before), before=before)
        elif code not in same_tasks and before is not None and after is not None:
            yield from _task(code, before, after)


def _name(task: Json) -> str:
    return str(task.get("name", ""))


def _task(code: int, before: Json, after: Json) -> Iterator[Change]:
    name = _name(after)
    for field, old, new in _differences(before, after, fields.TASK_DEFAULTS):
        kind = Kind.TASK_RENAMED if field == "name" else Kind.TASK_MODIFIED
        yield Change(kind, code, name, field, old, new)


def _differences(left: Json, right: Json, defaults: Json, prefix: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield (dotted path, before, after) of each differing field; objects are looked into, an omitted default is shown."""
    for key in sorted(left.keys() | right.keys()):
        before, after = left.get(key, defaults.get(key)), right.get(key, defaults.get(key))
        if same(before, after) and (key in left) == (key in right):
            continue
        if isinstance(before, dict) and isinstance(after, dict) and before and after:
            yield from _differences(before, after, {}, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", before, after


def _relations(left: Document, right: Document) -> Iterator[Change]:
    old, new = _counted(left.relations), _counted(right.relations)
    for kind, extra, document in (
        (Kind.RELATION_REMOVED, old - new, left),
        (Kind.RELATION_ADDED, new - old, right),
    ):
        by_key = {_relation_key(relation): relation for relation in document.relations} if extra else {}
        for key in sorted(extra.elements()):
            value = by_key[key]
            change = Change(kind, value["postTaskCode"], _edge(document, value))
            yield replace(change, before=value) if kind == Kind.RELATION_REMOVED else replace(change, after=value)


def _counted(relations: list[Json]) -> Counter[tuple[int, int, bytes]]:
    """DolphinScheduler keeps an edge that is given twice, so edges are counted."""
    return Counter(map(_relation_key, relations))


def _relation_key(relation: Json) -> tuple[int, int, bytes]:
    return relation["preTaskCode"], relation["postTaskCode"], dumps(relation) if len(relation) > 2 else b""


def _edge(document: Document, relation: Json) -> str:
    ends = (relation["preTaskCode"], relation["postTaskCode"])
    return " → ".join(_name(document.tasks[code]) if code in document.tasks else "·" for code in ends)


def _schedule(left: Json | None, right: Json | None) -> Iterator[Change]:
    if left is None and right is not None:
        yield Change(Kind.SCHEDULE_ADDED, after=right)
    elif right is None and left is not None:
        yield Change(Kind.SCHEDULE_REMOVED, before=left)
    elif left is not None and right is not None:
        for field, before, after in _differences(left, right, fields.SCHEDULE_DEFAULTS):
            yield Change(Kind.SCHEDULE_CHANGED, field=field, before=before, after=after)


def _layout(left: Document, right: Document) -> Iterator[Change]:
    old, new = left.layout or {}, right.layout or {}
    for code in sorted(old.keys() | new.keys()):
        before, after = old.get(code), new.get(code)
        if not same(before, after):
            name = str((right.tasks.get(code) or left.tasks.get(code) or {}).get("name", ""))
            yield Change(Kind.LAYOUT_CHANGED, code, name, "position", before, after)
