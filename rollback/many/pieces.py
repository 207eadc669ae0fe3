"""What a rollback changes, and what the two versions use, told from the pieces they are stored in: each piece is read once.

DolphinScheduler is not asked. Of a task only its code and the workflows it names are kept.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from definitions.references import Kind, references
from snapshotter.choices import ScheduleChoice
from snapshotter.models import Snapshot
from snapshotter.store import get_blobs, pieces_of

MOST_PIECES: Final = 30_000  # read at once; more workflows are shown without counts
_BATCH: Final = 500
_NAMES_WORKFLOWS: Final = (b'"SUB_WORKFLOW"', b'"DYNAMIC"', b'"DEPENDENT"')


@dataclass(frozen=True, slots=True)
class Told:
    """`counts` as a version's change summary has them; `uses`: DolphinScheduler codes that either version calls or waits for."""

    counts: dict[str, int]
    uses: frozenset[int]


def tell(pairs: Iterable[tuple[Snapshot, Snapshot]], schedule: ScheduleChoice) -> dict[int, Told]:
    """Return {pk of the target: what going there from the other one means}; those beyond the bound are missing. Raises ContentDamaged."""
    todo = list(pairs)
    manifests = pieces_of(version.content_hash for pair in todo for version in pair)
    wanted: set[int] = set()
    known: list[tuple[Snapshot, Snapshot]] = []
    for pair in todo:
        more = {piece for version in pair for piece in manifests[version.content_hash][2:]}
        if len(wanted | more) > MOST_PIECES:
            break
        wanted |= more
        known.append(pair)
    tasks = dict(_tasks(sorted(wanted)))
    return {
        target.pk: _told(
            published, target, manifests[published.content_hash], manifests[target.content_hash], tasks, schedule
        )
        for published, target in known
    }


def _tasks(ids: list[int]) -> Iterator[tuple[int, tuple[int, frozenset[int]]]]:
    """Yield (piece, (task code, codes of workflows it names))."""
    for start in range(0, len(ids), _BATCH):
        for identifier, fragment in get_blobs(ids[start : start + _BATCH]).items():
            code, _colon, task = fragment.partition(b":")
            yield identifier, (int(code.strip(b'"')), _named(task))


def _named(task: bytes) -> frozenset[int]:
    if not any(word in task for word in _NAMES_WORKFLOWS):
        return frozenset()
    found = references(json.loads(task))
    return frozenset(int(row.value) for row in found if row.kind in (Kind.SUB_WORKFLOW, Kind.DEPENDENCY))


def _told(
    published: Snapshot,
    target: Snapshot,
    now: list[int],
    then: list[int],
    tasks: dict[int, tuple[int, frozenset[int]]],
    schedule: ScheduleChoice,
) -> Told:
    lost = {tasks[piece][0] for piece in set(now[2:]) - set(then[2:])}
    back = {tasks[piece][0] for piece in set(then[2:]) - set(now[2:])}
    restores = schedule == ScheduleChoice.FROM_DEFINITION and published.schedule_hash != target.schedule_hash
    counts = {
        "tasks_added": len(back - lost),
        "tasks_modified": len(back & lost),
        "tasks_removed": len(lost - back),
        "settings": int(now[0] != then[0]),
        "relations_added": int(now[1] != then[1]),
        "schedule": int(restores),
        "layout": int(published.layout_hash != target.layout_hash),
    }
    return Told(counts, frozenset().union(*(tasks[piece][1] for piece in {*now[2:], *then[2:]})))
