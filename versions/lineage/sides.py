"""Where a lineage comes from: the table of what was derived, or, for what DolphinScheduler holds now, reading it on the spot."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from definitions.document import Document
from definitions.lineage.lineage import VERSION, Lineage, TaskLineage, lineage_of, size_of
from snapshotter.derive_lineage import NOT_COMPUTABLE
from snapshotter.models import ContentLineage, LineageDamaged, Snapshot
from versions.comparison import Side

logger = logging.getLogger(__name__)

LIVE_CHARACTERS: Final = 200_000  # read within a request: about a second


class Known(StrEnum):
    COMPUTED = "computed"
    PENDING = "pending"  # a worker will come to it
    FAILED = "failed"
    TOO_LARGE = "too_large"  # to be read within a request


@dataclass(frozen=True, slots=True)
class Found:
    """`lineage` is None unless it is computed."""

    known: Known
    lineage: Lineage | None = None
    parser_version: str = ""
    digest: str = ""


def stored(*snapshots: Snapshot) -> list[Found]:
    """Return what was derived for each; at most one query, none where nothing was."""
    derived = [row.content_hash for row in snapshots if row.lineage_digest not in ("", NOT_COMPUTABLE)]
    rows = {row.content_hash: row for row in ContentLineage.objects.of(derived)} if derived else {}
    return [_found(snapshot, rows.get(snapshot.content_hash)) for snapshot in snapshots]


def _found(snapshot: Snapshot, row: ContentLineage | None) -> Found:
    if row is not None and row.body is not None:
        try:
            return Found(Known.COMPUTED, row.body.lineage, row.parser_version, row.body.digest)
        except LineageDamaged:
            logger.error("lineage=%s is damaged; manage.py lineage --recompute replaces it", row.body.digest)
            return Found(Known.FAILED)
    return Found(Known.FAILED if snapshot.lineage_digest == NOT_COMPUTABLE else Known.PENDING)


def of_sides(left: Side, right: Side) -> tuple[Found, Found]:
    """Return both sides' lineages. Of live, only tasks that differ from the other side's are read."""
    found = iter(stored(*[side.snapshot for side in (left, right) if side.snapshot is not None]))
    first = next(found) if left.snapshot is not None else None
    second = next(found) if right.snapshot is not None else None
    if first is None:
        first = _read(left.document, second or Found(Known.PENDING), right.document)
    if second is None:
        second = _read(right.document, first, left.document)
    return first, second


def _read(document: Document, other: Found, beside: Document) -> Found:
    known: dict[int, TaskLineage] = {}
    if other.lineage is not None and other.parser_version == VERSION:
        known = _shared(document, beside, other.lineage.tasks)
    changed = Document("", {}, {code: task for code, task in document.tasks.items() if code not in known}, [])
    if size_of(changed) > LIVE_CHARACTERS:
        return Found(Known.TOO_LARGE)
    lineage = lineage_of(document, known=known)
    return Found(Known.COMPUTED, lineage, VERSION, lineage.digest)


def _shared(document: Document, beside: Document, tasks: Mapping[int, TaskLineage]) -> dict[int, TaskLineage]:
    nothing = TaskLineage()
    return {code: tasks.get(code, nothing) for code, task in document.tasks.items() if beside.tasks.get(code) == task}
