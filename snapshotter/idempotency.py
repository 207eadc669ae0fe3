"""Idempotency keys: one request, one effect, however often it is sent."""

import hashlib
from dataclasses import dataclass

from catalog.errors import InvalidRequest
from catalog.models import Project, Workflow
from snapshotter.errors import IdempotencyKeyReused
from snapshotter.models import IdempotencyKey, Snapshot, Sync

MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What the first request with a key was answered with."""

    workflow: Workflow
    sync: Sync | None
    snapshot: Snapshot | None


def find(project: Project, key: str, request_hash: str) -> Found | None:
    """Return the first request's answer, None if there was none. Raises IdempotencyKeyReused when that was another request."""
    if not key:
        return None
    row = (
        IdempotencyKey.objects.select_related("sync__workflow", "sync__snapshot", "snapshot__workflow")
        .filter(project=project, key_hash=_hash(key))
        .first()
    )
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise IdempotencyKeyReused
    holder = row.sync or row.snapshot
    assert holder is not None  # noqa: S101  both are set before the first request's transaction ends
    return Found(holder.workflow, row.sync, row.sync.snapshot if row.sync else row.snapshot)


def claim(project: Project, key: str, request_hash: str) -> IdempotencyKey | None:
    """Insert the key; a second one inserting it waits here and then gets IntegrityError."""
    if not key:
        return None
    return IdempotencyKey.objects.create(project=project, key_hash=_hash(key), request_hash=request_hash)


def answer(row: IdempotencyKey | None, *, sync: Sync | None, snapshot: Snapshot | None) -> None:
    """Remember what the request was answered with."""
    if row is not None:
        IdempotencyKey.objects.filter(pk=row.pk).update(sync=sync, snapshot=snapshot)


def _hash(key: str) -> str:
    if len(key) > MAX_LENGTH:
        raise InvalidRequest(f"An Idempotency-Key has at most {MAX_LENGTH} characters.", field="Idempotency-Key")
    return hashlib.sha256(key.encode()).hexdigest()


def hash_request(*parts: bytes) -> str:
    """Return the sha256 over length-prefixed parts: what makes two requests the same one."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:" % len(part) + part)
    return digest.hexdigest()
