"""What a comparison is made of: typed changes, their counts, and their JSON. The comparator is `compare.py`, the way back `apply.py`."""

from collections import Counter
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from definitions.document import Json


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


TASK_KINDS: Final = (Kind.TASK_ADDED, Kind.TASK_REMOVED, Kind.TASK_MODIFIED, Kind.TASK_RENAMED)
RELATION_KINDS: Final = (Kind.RELATION_ADDED, Kind.RELATION_REMOVED)
PARAMETER_KINDS: Final = (Kind.PARAMETER_ADDED, Kind.PARAMETER_REMOVED, Kind.PARAMETER_CHANGED)
SCHEDULE_KINDS: Final = (Kind.SCHEDULE_ADDED, Kind.SCHEDULE_REMOVED, Kind.SCHEDULE_CHANGED)


@dataclass(frozen=True, slots=True)
class Change:
    """`task` and `name` where it is a task's; `field` a dotted path within the part; `before` or `after` None where absent.

    `path` is `field` in its steps, which may hold dots themselves; () where the change is of a whole thing. `before_absent` and
    `after_absent` say that the side omits the field: what is shown is its default, or None. `index` is the place of an added parameter.
    `twin` of a removed or added task is the code of the one of the same name and type that stands in its place. `others` of a removed or
    added dependency counts those between the same tasks that stay: DolphinScheduler keeps one that is given twice.
    """

    kind: Kind
    task: int | None = None
    name: str = ""
    field: str = ""
    before: Any = None
    after: Any = None
    path: tuple[str, ...] = ()
    before_absent: bool = False
    after_absent: bool = False
    index: int | None = None
    twin: int | None = None
    others: int = 0


_KEYS: Final = tuple(field.name for field in fields(Change))


@dataclass(frozen=True, slots=True)
class Comparison:
    changes: tuple[Change, ...]

    @property
    def is_identical(self) -> bool:
        return not self.changes

    def of(self, *kinds: Kind) -> list[Change]:
        return [change for change in self.changes if change.kind in kinds]

    def came_or_went(self) -> set[int | None]:
        """Return the tasks that stand on one side only: what is theirs came or went with them."""
        return {change.task for change in self.of(Kind.TASK_ADDED, Kind.TASK_REMOVED)}


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
        "parameters": len(comparison.of(*PARAMETER_KINDS)),
        "settings": kinds[Kind.SETTING_CHANGED],
        "schedule": len(comparison.of(*SCHEDULE_KINDS)),
        "label": kinds[Kind.LABEL_CHANGED],
        "layout": len(moved),
    }


def to_json(comparison: Comparison) -> Json:
    """Return {"identical", "counts", "changes": [one object a change, its fields as `Change` names them]}."""
    return {
        "identical": comparison.is_identical,
        "counts": summary(comparison),
        "changes": [as_json(change) for change in comparison.changes],
    }


def as_json(change: Change) -> Json:
    """Return one change; its values are not copied."""
    return {key: getattr(change, key) for key in _KEYS} | {"path": list(change.path)}


def from_json(value: Json) -> Comparison:
    """Read what `to_json` gave. Raises KeyError, TypeError or ValueError on anything else."""
    return Comparison(
        tuple(
            Change(**{**change, "kind": Kind(change["kind"]), "path": tuple(change.get("path", ()))})
            for change in value["changes"]
        )
    )
