"""Derive lineage: compute which tables a content reads and writes, once for all versions that hold it.

Off every request and off the accept path: a worker finds versions without a lineage. A content that kills the parser, and the worker
with it, is claimed so many times and no more: the claim is committed before the parser sees anything.
"""

import json
import logging
import time
import zlib
from typing import Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from definitions.document import Document
from definitions.lineage.lineage import VERSION, Lineage, lineage_of
from snapshotter.choices import LineageState
from snapshotter.claim import in_seconds
from snapshotter.derive_references import derive_due_references
from snapshotter.errors import ContentDamaged
from snapshotter.models import ContentLineage, LineageBody, LineageTable, Snapshot
from snapshotter.store import get_content

logger = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 3
NOT_COMPUTABLE: Final = "-"  # stands in a version's lineage_digest
_CLAIM: Final = 600.0  # seconds after which a worker counts as dead; the largest content takes about a minute


def derive_lineage(content_hash: str) -> bool:
    """Compute, or hand on what was computed before; False when another worker is at it. Safe to call twice."""
    row, _ = ContentLineage.objects.get_or_create(
        content_hash=content_hash, parser_version=VERSION, defaults={"due_at": Now()}
    )
    if row.state != LineageState.WORKING:
        _mark(row)
        return True
    free = ContentLineage.objects.filter(pk=row.pk, state=LineageState.WORKING, due_at__lte=Now())
    if free.filter(attempts__gte=MAX_ATTEMPTS).exists():
        return _end(row, problem="gave_up")
    if free.update(attempts=F("attempts") + 1, due_at=in_seconds(_CLAIM)) != 1:
        return False
    row.refresh_from_db(fields=["attempts"])
    try:
        lineage = lineage_of(_document(content_hash))
    except ContentDamaged:
        return _end(row, problem="damaged")
    except Exception:
        logger.exception("lineage of content=%s", content_hash)
        return _end(row, problem="error")
    return _end(row, lineage=lineage)


def derive_due(seconds: float, limit: int = 20) -> int:
    """Derive what is missing for about so long, newest versions first, then references; return how many contents were done."""
    until = time.monotonic() + seconds
    hashes = dict.fromkeys(Snapshot.objects.without_lineage().values_list("content_hash", flat=True)[:limit])
    done = 0
    for content_hash in hashes:
        done += derive_lineage(content_hash)
        if time.monotonic() > until:
            break
    return max(done, derive_due_references(until))


def _document(content_hash: str) -> Document:
    content = get_content(content_hash)
    return Document("", {}, {code: json.loads(task) for code, task in content.tasks.items()}, [])


def _end(row: ContentLineage, *, lineage: Lineage | None = None, problem: str = "") -> bool:
    """Write the end of a claim, unless another worker has taken it over since."""
    with transaction.atomic():
        body = _body(lineage) if lineage is not None else None
        state = LineageState.DONE if body is not None else LineageState.FAILED
        mine = ContentLineage.objects.filter(pk=row.pk, state=LineageState.WORKING, attempts=row.attempts)
        if mine.update(state=state, problem=problem, body=body) != 1:
            return False
        row.state, row.body = state, body
        _mark(row)
        ContentLineage.objects.filter(content_hash=row.content_hash).exclude(pk=row.pk).delete()  # older parsers'
    return True


def _body(lineage: Lineage) -> LineageBody:
    body, is_new = LineageBody.objects.get_or_create(
        digest=lineage.digest,
        defaults={
            "data": zlib.compress(lineage.json_bytes, 6),
            "reads": len(lineage.reads),
            "writes": len(lineage.writes),
            "unknown_tasks": lineage.unknown_tasks,
        },
    )
    if is_new:
        LineageTable.objects.bulk_create(_rows(body, lineage), batch_size=500)
    return body


def _rows(body: LineageBody, lineage: Lineage) -> list[LineageTable]:
    """Trailing blanks do not tell names apart in MySQL's collations."""
    found = {
        (is_write, table.system, table.name.rstrip())
        for is_write, tables in ((False, lineage.reads), (True, lineage.writes))
        for table in tables
        if table.is_findable
    }
    return [LineageTable(body=body, is_write=write, system=system, name=name) for write, system, name in sorted(found)]


def _mark(row: ContentLineage) -> None:
    digest = row.body.digest if row.body is not None else NOT_COMPUTABLE
    Snapshot.objects.filter(content_hash=row.content_hash).exclude(lineage_digest=digest).update(lineage_digest=digest)
