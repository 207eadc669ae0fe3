"""Seal entries after their commit: each gets the next place in a chain that only the keys outside the database can make.

Ids commit out of order: an entry may appear below others that have their seal. So the sealer asks for entries without one, by an index:
all that are younger than SETTLED, and, a slice at a time, the older ones again and again. Whoever reads the trail in order follows the
sequence, never the id.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from audit.canonical import COLUMNS, FORM, NOTHING, entry_bytes, seal_bytes, type_names
from audit.keys import Key, keys
from audit.lines import line
from audit.marks import is_marked
from audit.models import AuditChain, AuditEntry, AuditSeal, TrailIsFinal

logger = logging.getLogger("audit")

BATCH: Final = 300
SETTLED: Final = timedelta(
    minutes=15
)  # no transaction of ours is open for so long; one that is, is found by the second look
SLICE: Final = 20_000  # ids of the second look
_AGAIN: Final = timedelta(seconds=20)  # between slices


def seal() -> int:
    """Seal up to BATCH entries and return how many; 0 too where another sealer is at it. Safe to run anywhere, any number of times."""
    with transaction.atomic():
        chain = _held()
        if chain is None:
            return 0
        former, now = _values(chain), timezone.now()
        rows = _unsealed(chain.settled, None, BATCH)
        if len(rows) < BATCH:
            rows = sorted([*_late(chain, now, BATCH - len(rows)), *rows], key=_id)
            chain.settled = max(chain.settled, _old(now))
        else:
            chain.settled = max(chain.settled, min(_old(now), rows[-1]["id"]))
        seals = _seals(chain, rows, now) if rows else []
        AuditSeal.objects.bulk_create(seals)
        _move(chain, seals, former)
    if seals:
        _warn(rows)
        told = line(event="audit.sealed", sequence=chain.sequence, hash=chain.hash, entries=len(seals))
        logger.info(told, extra={"event": "audit.sealed"})
    return len(seals)


def _held() -> AuditChain | None:
    """Return the chain's head, locked until the transaction ends; None where somebody else holds it."""
    chains = AuditChain.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    chain = chains.filter(pk=AuditChain.ONLY).first()
    if chain is not None or AuditChain.objects.filter(pk=AuditChain.ONLY).exists():
        return chain
    last = AuditSeal.objects.order_by("-sequence").first()  # the head's row is gone: go on where the seals end
    AuditChain.objects.get_or_create(
        pk=AuditChain.ONLY,
        defaults={"sequence": last.sequence if last else 0, "hash": last.hash if last else ""},
    )
    return chains.filter(pk=AuditChain.ONLY).first()


def _unsealed(above: int, upto: int | None, most: int) -> list[dict[str, Any]]:
    """Return the columns of entries without a seal, lowest id first."""
    rows = AuditEntry.objects.unsealed().filter(id__gt=above)
    rows = rows if upto is None else rows.filter(id__lte=upto)
    return list(rows.order_by("id").values(*COLUMNS)[:most])


def _late(chain: AuditChain, now: datetime, most: int) -> list[dict[str, Any]]:
    """Look through the next slice of older entries for such that were committed late, and say on the head how far that is."""
    if not chain.settled or (chain.looked_at is not None and now - chain.looked_at < _AGAIN):
        return []
    upto = min(chain.looked + SLICE, chain.settled)
    rows = _unsealed(chain.looked, upto, most)
    chain.looked_at = now
    if len(rows) < most:
        chain.looked = 0 if upto == chain.settled else upto
    return rows


def _old(now: datetime) -> int:
    """Return the id below which nothing is expected any more."""
    rows = AuditEntry.objects.filter(timestamp__lt=now - SETTLED).order_by("-timestamp")
    return rows.values_list("id", flat=True).first() or 0


def _seals(chain: AuditChain, rows: Iterable[dict[str, Any]], now: datetime) -> list[AuditSeal]:
    key, types = keys()[0], type_names()
    before, made = chain.hash or NOTHING, []
    for sequence, row in enumerate(rows, chain.sequence + 1):
        made.append(_seal(sequence, row, key, types, before, now))
        before = made[-1].hash
    return made


def _seal(sequence: int, row: dict[str, Any], key: Key, types: dict[int, str], before: str, now: datetime) -> AuditSeal:
    values = {
        "sequence": sequence,
        "entry_id": row["id"],
        "form": FORM,
        "key_id": key.id,
        "digest": key.sign(entry_bytes(row, types.get(row["content_type_id"], ""))),
        "sealed_at": now,
    }
    return AuditSeal(**values, hash=key.sign(seal_bytes(values, before)))


def _warn(rows: list[dict[str, Any]]) -> None:
    """Say at once which entries the service has not written. They have their seal: without one they could be taken away again."""
    types, known = type_names(), {key.id: key for key in keys()}
    for row in rows:
        if not is_marked(row, types.get(row["content_type_id"], ""), known):
            told = line(event="audit.not_ours", entry=row["id"], told=row["event"], at=row["timestamp"])
            logger.warning(told, extra={"event": "audit.not_ours", "entry": row["id"]})


def _move(chain: AuditChain, seals: list[AuditSeal], former: dict[str, Any]) -> None:
    """Move the head where anything moved. The row is ours, so another count than 1 means that somebody changed it past us."""
    if seals:
        chain.sequence, chain.hash = seals[-1].sequence, seals[-1].hash
    values = _values(chain)
    if values != former and AuditChain.objects.filter(pk=chain.pk, sequence=former["sequence"]).update(**values) != 1:
        raise TrailIsFinal("the chain's head was moved by somebody else")


def _values(chain: AuditChain) -> dict[str, Any]:
    return {name: getattr(chain, name) for name in ("sequence", "hash", "settled", "looked", "looked_at")}


def _id(row: dict[str, Any]) -> int:
    number: int = row["id"]
    return number
