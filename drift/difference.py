"""What differs, as it was found, told in sentences: left the published version, right what was found, kept with the item.

It can be shown when DolphinScheduler is away, and when the item is closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from audit.actors import Actor
from definitions.compare import Comparison
from drift.choices import Kind
from drift.models import DriftItem, IgnoreRule
from drift.paths import covers, path_of
from snapshotter.errors import ContentDamaged
from snapshotter.models import Snapshot
from snapshotter.store import document_of
from versions.comparison import Side, compare_sides
from versions.told import Told, told

_HASHES = ("content_hash", "label_hash", "layout_hash", "schedule_hash")


@dataclass(frozen=True, slots=True)
class Difference:
    """`told` None: nothing comparable was found, or `problem` says why it can't be told. `ignored` counts changes that are left out."""

    told: Told | None = None
    is_identical: bool = False
    ignored: int = 0
    problem: str = ""


def difference_of(item: DriftItem, reader: Actor) -> Difference:
    """Return the difference; of a standing item without what is ignored now."""
    found = found_in(item)
    if found is None:
        return Difference()
    try:
        sides = Side("published", snapshot=item.published), Side("found", snapshot=found)
        comparison = compare_sides(*sides)
        kept = _kept(item, comparison)
        shown = told(kept, lambda: document_of(found), reader=reader)
    except ContentDamaged as error:
        return Difference(problem=str(error))
    return Difference(shown, kept.is_identical, len(comparison.changes) - len(kept.changes))


def found_in(item: DriftItem) -> Snapshot | None:
    """Return what was found as a version that nobody numbered and no table holds; None where nothing comparable was."""
    kept, live = item.evidence.get("kept"), item.evidence.get("live") or {}
    if not kept or not item.content_hash:
        return None
    values: dict[str, Any] = {name: live.get(name, "") for name in _HASHES}
    return Snapshot(
        workflow_id=item.published.workflow_id,
        label=kept["label"],
        layout_id=kept["layout"],
        schedule_id=kept["schedule"],
        **{**values, "content_hash": item.content_hash},
    )


def fields_of(item: DriftItem) -> list[str]:
    """Return the names of the fields that differ, as far as the item names them: what can be ignored."""
    return [str(path) for path in item.evidence.get("paths") or []]


def _kept(item: DriftItem, comparison: Comparison) -> Comparison:
    if not item.is_standing or Kind.QUARANTINED_LIVE in item.kinds:  # of that nothing is ignored
        return comparison
    rules = IgnoreRule.objects.paths_for(item.workflow)
    return Comparison(tuple(row for row in comparison.changes if not _is_ignored(path_of(row), rules)))


def _is_ignored(path: str, rules: Iterable[str]) -> bool:
    return any(covers(rule, path) for rule in rules)
