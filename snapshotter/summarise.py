"""What a version changes against the one before, noted once with it, so that no list ever compares."""

from dataclasses import replace
from typing import Any, Final

from definitions.compare import Comparison, Kind, compare, summary
from definitions.document import Document
from definitions.secrets import mask_text
from snapshotter.models import Snapshot
from snapshotter.store import document_of

NAMES: Final = 10  # of each kind of change; the counts tell the rest
_CUT: Final = 100  # characters of a name
_KINDS: Final = {
    "added": (Kind.TASK_ADDED,),
    "modified": (Kind.TASK_MODIFIED, Kind.TASK_RENAMED),
    "removed": (Kind.TASK_REMOVED,),
}


def summarise(base: Snapshot | None, document: Document, *, knows_schedule: bool = True) -> dict[str, Any]:
    """Return the counts of the change strip, "base" (the version compared with), and "names": {"added", "modified", "removed"} of tasks.

    Not `knows_schedule`: a schedule that nobody knows is no change.
    """
    before = document_of(base) if base else None
    if before is not None and not knows_schedule:
        before = replace(before, schedule=None)
    return summary_of(base, before, document)


def summary_of(base: Snapshot | None, before: Document | None, document: Document) -> dict[str, Any]:
    """The same, where what `base` holds was read already."""
    return summary_of_changes(base, compare(before, document))


def summary_of_changes(base: Snapshot | None, comparison: Comparison) -> dict[str, Any]:
    """The same, where the two were compared already."""
    names = {name: _names(comparison, kinds) for name, kinds in _KINDS.items()}
    return {**summary(comparison), "names": names, "base": base.version if base else None}


def _names(comparison: Comparison, kinds: tuple[Kind, ...]) -> list[str]:
    by_code = {change.task: change.name for change in comparison.of(*kinds)}
    return [mask_text(name)[:_CUT] for name in list(by_code.values())[:NAMES]]
