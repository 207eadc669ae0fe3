"""Re-reading everything that is stored: each piece against its hash, each content against its own, each snapshot against its parts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from snapshotter.errors import ContentDamaged
from snapshotter.models import DefinitionBlob, DefinitionContent, Snapshot
from snapshotter.store import get_blobs, get_content, sha256

_BATCH = 200  # rows a read, so that memory stays bounded


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged row: which table, which row, what is wrong, and the versions that hold it."""

    table: str
    row: str
    problem: str
    versions: tuple[str, ...] = ()


def verify_snapshots() -> Iterator[Damage]:
    """Yield every damaged row, pieces first. Reads all content; memory stays bounded."""
    for blob_id in DefinitionBlob.objects.order_by("id").values_list("id", flat=True).iterator(chunk_size=_BATCH):
        yield from _check(partial(get_blobs, [blob_id]))
    for content_hash in (
        DefinitionContent.objects.order_by("id").values_list("content_hash", flat=True).iterator(_BATCH)
    ):
        for damage in _check(partial(get_content, content_hash)):
            yield Damage(damage.table, damage.row, damage.problem, _versions_of(content_hash))
    yield from _snapshots()


def _check(read: Callable[[], object]) -> Iterator[Damage]:
    try:
        read()
    except ContentDamaged as error:
        yield Damage(error.extra["table"], error.extra["row"], error.extra["problem"])


def _versions_of(content_hash: str) -> tuple[str, ...]:
    return tuple(str(snapshot) for snapshot in Snapshot.objects.filter(content_hash=content_hash).order_by("id"))


def _snapshots() -> Iterator[Damage]:
    rows = Snapshot.objects.select_related("layout", "schedule").only(
        "workflow_id",
        "version",
        "content_hash",
        "label",
        "label_hash",
        "layout_hash",
        "schedule_hash",
        "layout__sha256",
        "schedule__sha256",
    )
    for snapshot in rows.order_by("id").iterator(chunk_size=_BATCH):
        for problem in _problems(snapshot):
            yield Damage("workflow_definition_snapshot", str(snapshot.pk), problem, (str(snapshot),))


def _problems(snapshot: Snapshot) -> Iterator[str]:
    if not DefinitionContent.objects.filter(content_hash=snapshot.content_hash).exists():
        yield "its content is missing"
    if sha256(snapshot.label.encode()) != snapshot.label_hash:
        yield "its name does not match the name's hash"
    if snapshot.layout.sha256 != snapshot.layout_hash:
        yield "its layout does not match the layout's hash"
    if (snapshot.schedule.sha256 if snapshot.schedule else "") != snapshot.schedule_hash:
        yield "its schedule does not match the schedule's hash"
