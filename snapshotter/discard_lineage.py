"""Discard lineages that are damaged. They are derived: a worker, or the command that calls this, computes them again."""

from django.db import transaction

from snapshotter.models import ContentLineage, LineageBody, LineageDamaged, Snapshot

_BATCH = 200


def discard_damaged_lineage() -> int:
    """Look at every lineage that is stored; return how many were damaged, and are gone. Safe to call twice."""
    gone, after = 0, 0
    while batch := list(LineageBody.objects.filter(pk__gt=after).order_by("pk")[:_BATCH]):
        after = batch[-1].pk
        for body in batch:
            if _is_damaged(body):
                _discard(body)
                gone += 1
    return gone


def _is_damaged(body: LineageBody) -> bool:
    try:
        body.lineage  # noqa: B018  reading it is the test
    except LineageDamaged:
        return True
    return False


def _discard(body: LineageBody) -> None:
    """Its versions are without a lineage again, all at once."""
    with transaction.atomic():
        rows = ContentLineage.objects.filter(body=body)
        hashes = list(rows.values_list("content_hash", flat=True))
        rows.delete()
        for content_hash in hashes:
            Snapshot.objects.filter(content_hash=content_hash).update(lineage_digest="")
        body.delete()
