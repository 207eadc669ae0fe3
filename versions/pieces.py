"""Comparing by pieces: a version is a list of stored pieces, so what two versions share is known without reading it.

Enters: versions, and what is live. Leaves: the comparison that whole documents would give, from the pieces that differ alone.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from definitions.canonical import Canonical
from definitions.changes import RELATION_KINDS
from definitions.compare import Comparison, Kind, compare
from definitions.document import Document, Json
from snapshotter.errors import ContentDamaged
from snapshotter.models import Snapshot
from snapshotter.store import get_blobs, hashes_of, pieces_of, sha256

Key = int | str  # the id of a stored piece, or the hash of one that is live only


@dataclass(frozen=True, slots=True)
class Pieces:
    """Keys of pieces: equal keys, equal bytes. `schedule` None where it is not known. `read` gives the bytes of some."""

    label: str
    settings: Key
    relations: Key
    tasks: frozenset[Key]
    layout: Key
    schedule: Key | None
    read: Callable[[Iterable[Any]], Mapping[Any, bytes]]


def of_versions(*snapshots: Snapshot) -> list[Pieces]:
    """Return the versions' pieces, in one query for all. Raises ContentDamaged."""
    ids = pieces_of(snapshot.content_hash for snapshot in snapshots)
    return [_of_version(snapshot, ids[snapshot.content_hash]) for snapshot in snapshots]


def _of_version(snapshot: Snapshot, ids: list[int]) -> Pieces:
    if len(ids) < 2:
        raise ContentDamaged(table="workflow_definition_content", row=snapshot.content_hash, problem="manifest")
    settings, relations, *tasks = ids
    return Pieces(
        snapshot.label, settings, relations, frozenset(tasks), snapshot.layout_id, snapshot.schedule_id, get_blobs
    )


def of_live(live: Canonical, beside: Pieces) -> Pieces:
    """Return the pieces of what is live, under the ids by which `beside` holds the same ones."""
    ids = [beside.settings, beside.relations, beside.layout, *beside.tasks]
    ids += [beside.schedule] if beside.schedule is not None else []
    held = {digest: key for key, digest in hashes_of(key for key in ids if isinstance(key, int)).items()}
    bytes_of: dict[Key, bytes] = {}

    def key(piece: bytes) -> Key:
        digest = sha256(piece)
        found = held.get(digest, digest)
        bytes_of[found] = piece
        return found

    return Pieces(
        live.document.name,
        key(live.settings_json),
        key(live.relations_json),
        frozenset(key(b'"%d":%s' % item) for item in live.task_json.items()),
        key(live.layout_json),
        key(live.schedule_json),
        lambda keys: {wanted: bytes_of[wanted] for wanted in keys},
    )


def compare_pieces(left: Pieces, right: Pieces) -> Comparison:
    """Compare what differs; where one side does not know its schedule, schedules say nothing. Raises ContentDamaged."""
    old, new = _unlike_both(left, right)
    found = compare(old, new)
    nameless = _nameless(found, old.tasks.keys() | new.tasks.keys())
    if not nameless:
        return found
    shared = _tasks(left.read(left.tasks & right.tasks).values(), only=nameless)
    old, new = (replace(side, tasks={**side.tasks, **shared}) for side in (old, new))
    return compare(old, new, same_tasks=shared.keys())


def _unlike_both(left: Pieces, right: Pieces) -> tuple[Document, Document]:
    """Return documents of what the sides do not hold likewise; two versions are read in one query."""
    mine, other = _wanted(left, right), _wanted(right, left)
    if left.read is right.read:
        data = left.read(mine | other)
        return _unlike(left, right, data), _unlike(right, left, data)
    return _unlike(left, right, left.read(mine)), _unlike(right, left, right.read(other))


def _wanted(side: Pieces, other: Pieces) -> set[Key]:
    return _parts(side, other) | (side.tasks - other.tasks)


def _parts(side: Pieces, other: Pieces) -> set[Key]:
    parts = [(side.settings, other.settings), (side.relations, other.relations), (side.layout, other.layout)]
    if side.schedule is not None and other.schedule is not None:
        parts.append((side.schedule, other.schedule))
    return {key for key, others in parts if key != others}


def _unlike(side: Pieces, other: Pieces, data: Mapping[Any, bytes]) -> Document:
    """Return a document of what the other side does not hold likewise; the rest is left empty."""
    wanted = _parts(side, other)

    def part(key: Key | None, empty: Any) -> Any:
        return json.loads(data[key]) if key in wanted else empty

    layout: Json = part(side.layout, {})
    return Document(
        name=side.label,
        settings=part(side.settings, {}),
        tasks=_tasks(data[key] for key in side.tasks - other.tasks),
        relations=part(side.relations, []),
        layout={int(code): position for code, position in layout.items()},
        schedule=part(side.schedule, None),
    )


def _nameless(found: Comparison, known: AbstractSet[int]) -> set[int]:
    """Return the tasks that edges and boxes speak of, and whose names are not read yet."""
    codes: set[Any] = {change.task for change in found.of(Kind.LAYOUT_CHANGED)}
    for change in found.of(*RELATION_KINDS):
        edge = change.after or change.before
        codes |= {end for end in (edge["preTaskCode"], edge["postTaskCode"]) if isinstance(end, int)}
    return codes - known - {0}


def _tasks(fragments: Iterable[bytes], *, only: AbstractSet[int] | None = None) -> dict[int, Json]:
    """Read `"code":{..}` pieces, in the order of their codes."""
    found = {}
    for fragment in fragments:
        code, _, task = fragment.partition(b":")
        number = int(code.strip(b'"'))
        if only is None or number in only:
            found[number] = json.loads(task)
    return dict(sorted(found.items()))
