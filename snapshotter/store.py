"""The content store: canonical pieces in, the same bytes out, every read checked against its hash.

Enters: a Canonical. Leaves: rows shared by all versions that hold the same piece, and bytes again.
Only `snapshotter` writes through it; everything above may read.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from definitions.canonical import Canonical
from definitions.document import Document, Json
from snapshotter import manifest
from snapshotter.errors import ContentDamaged
from snapshotter.models import DefinitionBlob, DefinitionContent, Snapshot

T = TypeVar("T")
_BATCH = 500  # pieces a statement
_BATCH_BYTES = 4_000_000  # stays well below MySQL's max_allowed_packet of 16 MiB


@dataclass(frozen=True, slots=True)
class StoredContent:
    """Canonical bytes of one content; `tasks` by code."""

    settings_json: bytes
    relations_json: bytes
    tasks: dict[int, bytes]

    @property
    def definitions_json(self) -> bytes:
        tasks = b",".join(b'"%d":%s' % item for item in self.tasks.items())
        return b'{"settings":%s,"tasks":{%s}}' % (self.settings_json, tasks)

    @property
    def content_hash(self) -> str:
        return sha256(self.definitions_json + b"\n" + self.relations_json)


def put_content(canonical: Canonical) -> DefinitionContent:
    """Store definitions and relations, once per content hash. Call inside a transaction."""
    found = DefinitionContent.objects.filter(content_hash=canonical.content_hash).first()
    if found is not None:
        return found
    fragments = [b'"%d":%s' % item for item in canonical.task_json.items()]
    pieces = [canonical.settings_json, canonical.relations_json, *fragments]
    ids = put_blobs(pieces)
    content, _ = DefinitionContent.objects.get_or_create(
        content_hash=canonical.content_hash,
        defaults={
            "scheme": canonical.scheme,
            "size": canonical.size,
            "task_count": len(fragments),
            "manifest": manifest.pack(ids[sha256(piece)] for piece in pieces),
        },
    )
    return content


def put_blob(piece: bytes) -> int:
    """Store one piece and return its id."""
    return put_blobs([piece])[sha256(piece)]


def put_blobs(pieces: Iterable[bytes]) -> dict[str, int]:
    """Store the pieces that are not there yet; return {sha256: id} of all."""
    by_hash = {sha256(piece): piece for piece in pieces}
    ids = _ids_of(by_hash)
    # In one order everywhere, so that two writers of overlapping pieces wait for each other instead of deadlocking.
    missing = [
        DefinitionBlob(sha256=digest, size=len(by_hash[digest]), data=zlib.compress(by_hash[digest], 6))
        for digest in sorted(by_hash.keys() - ids.keys())
    ]
    for batch in _batches(missing):
        DefinitionBlob.objects.bulk_create(batch, ignore_conflicts=True)
    if missing:
        ids |= _ids_of([blob.sha256 for blob in missing])
    return ids


def get_content(content_hash: str) -> StoredContent:
    """Return the content's bytes. Raises ContentDamaged, naming the row, when anything doesn't match its hash."""
    ids = piece_ids(content_hash)
    return _content(content_hash, ids, get_blobs(ids))


def _content(content_hash: str, ids: list[int], blobs: Mapping[int, bytes]) -> StoredContent:
    try:
        settings_json, relations_json, *fragments = (blobs[identifier] for identifier in ids)
        content = StoredContent(settings_json, relations_json, dict(map(_task, fragments)))
    except ValueError as error:  # sound pieces, but not those of a definition
        raise ContentDamaged(table="workflow_definition_content", row=content_hash, problem="manifest") from error
    if content.content_hash != content_hash:
        raise ContentDamaged(table="workflow_definition_content", row=content_hash, problem="hash")
    return content


def unlike(content_hash: str, live: Canonical) -> tuple[bytes | None, dict[int, bytes]]:
    """Return (settings, {code: task}) of a stored content that live does not hold likewise; settings None where they are the same.

    Only these pieces are read: comparing hashes is a small part of rebuilding the whole.
    """
    if content_hash == live.content_hash:
        return None, {}
    ids = piece_ids(content_hash)
    held = {sha256(b'"%d":%s' % item) for item in live.task_json.items()} | {sha256(live.settings_json)}
    digests = hashes_of(ids)
    settings_id, _relations_id, *task_ids = ids
    differing = [identifier for identifier in (settings_id, *task_ids) if digests.get(identifier) not in held]
    blobs = get_blobs(differing)
    tasks = dict(_task(blobs[identifier]) for identifier in task_ids if identifier in blobs)
    return blobs.get(settings_id), tasks


def hashes_of(ids: Iterable[int]) -> dict[int, str]:
    """Return {id: sha256} of pieces without reading them."""
    digests: dict[int, str] = {}
    for batch in _chunks(list(ids), _BATCH):
        digests.update(DefinitionBlob.objects.filter(id__in=batch).values_list("id", "sha256"))
    return digests


def get_blobs(ids: Iterable[int]) -> dict[int, bytes]:
    """Return {id: plain bytes}, each checked."""
    wanted = list(ids)
    blobs: dict[int, bytes] = {}
    for batch in _chunks(wanted, _BATCH):
        for identifier, digest, data in DefinitionBlob.objects.filter(id__in=batch).values_list("id", "sha256", "data"):
            blobs[identifier] = _plain(digest, bytes(data))
    lost = set(wanted) - blobs.keys()
    if lost:
        raise ContentDamaged(table="workflow_definition_blob", row=str(min(lost)), problem="missing")
    return blobs


def get_blob(identifier: int) -> bytes:
    return get_blobs([identifier])[identifier]


def document_of(snapshot: Snapshot) -> Document:
    """Rebuild the definition a snapshot holds, in canonical form: fields equal to their default are absent."""
    ids = piece_ids(snapshot.content_hash)
    others = (snapshot.layout_id, snapshot.schedule_id)
    parts = get_blobs({*ids, *(identifier for identifier in others if identifier is not None)})
    content = _content(snapshot.content_hash, ids, parts)
    layout = json.loads(parts[snapshot.layout_id])
    return Document(
        name=snapshot.label,
        settings=json.loads(content.settings_json),
        tasks={code: json.loads(task) for code, task in content.tasks.items()},
        relations=json.loads(content.relations_json),
        layout={int(code): position for code, position in layout.items()},
        schedule=json.loads(parts[snapshot.schedule_id]) if snapshot.schedule_id is not None else None,
    )


def schedule_of(snapshot: Snapshot) -> Json | None:
    """Return the schedule a snapshot holds, in canonical form, without rebuilding the rest; None where it has none or knows none."""
    if snapshot.schedule_id is None:
        return None
    schedule: Json | None = json.loads(get_blob(snapshot.schedule_id))
    return schedule


def piece_ids(content_hash: str) -> list[int]:
    """Return the ids of settings, relations and tasks, in this order. Raises ContentDamaged."""
    return pieces_of([content_hash])[content_hash]


def pieces_of(hashes: Iterable[str]) -> dict[str, list[int]]:
    """Return {content hash: ids of its pieces} in one query, each as `piece_ids` does. Raises ContentDamaged."""
    wanted = sorted(set(hashes))
    rows = DefinitionContent.objects.filter(content_hash__in=wanted)
    manifests = {row.content_hash: bytes(row.manifest) for row in rows}
    return {content_hash: _unpacked(content_hash, manifests.get(content_hash)) for content_hash in wanted}


def _unpacked(content_hash: str, packed: bytes | None) -> list[int]:
    if packed is None:
        raise ContentDamaged(table="workflow_definition_content", row=content_hash, problem="missing")
    try:
        return manifest.unpack(packed)
    except (ValueError, zlib.error) as error:
        raise ContentDamaged(table="workflow_definition_content", row=content_hash, problem="manifest") from error


def _task(fragment: bytes) -> tuple[int, bytes]:
    code, _, task = fragment.partition(b":")
    return int(code.strip(b'"')), task


def _plain(digest: str, data: bytes) -> bytes:
    try:
        piece = zlib.decompress(data)
    except zlib.error as error:
        raise ContentDamaged(table="workflow_definition_blob", row=digest, problem="zlib") from error
    if sha256(piece) != digest:
        raise ContentDamaged(table="workflow_definition_blob", row=digest, problem="hash")
    return piece


def _ids_of(digests: Iterable[str] | Mapping[str, bytes]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for batch in _chunks(list(digests), _BATCH):
        ids.update(DefinitionBlob.objects.filter(sha256__in=batch).values_list("sha256", "id"))
    return ids


def _batches(blobs: list[DefinitionBlob]) -> Iterator[list[DefinitionBlob]]:
    batch: list[DefinitionBlob] = []
    size = 0
    for blob in blobs:
        if batch and (len(batch) == _BATCH or size + len(blob.data) > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(blob)
        size += len(blob.data)
    if batch:
        yield batch


def _chunks(items: list[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


NO_SCHEDULE: Final = hashlib.sha256(b"null").hexdigest()  # of a version that is known to have none


def sha256(data: bytes) -> str:
    """Return the hash pieces and schedules are known by, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()
