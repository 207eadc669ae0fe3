"""Walk along the chain in batches and yield what is wrong. Reads only; memory stays the same however long the trail is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, Final

from django.db.models import Count, Min
from django.utils import timezone

from audit.canonical import COLUMNS, FORM, NOTHING, entry_bytes, seal_bytes, type_names
from audit.findings import SHOWN, Finding, Kind
from audit.keys import keys
from audit.marks import is_marked
from audit.models import AuditChain, AuditEntry, AuditSeal

BATCH: Final = 500
GRACE: Final = timedelta(minutes=10)  # so long an entry may be without a seal
_SEAL: Final = ("sequence", "entry_id", "form", "key_id", "digest", "hash", "sealed_at")


@dataclass(frozen=True, slots=True)
class Head:
    """A place in the chain that is known from elsewhere."""

    sequence: int
    hash: str


class Walk:
    """`reached` and `before` tell where it stands; a walk that begins at a later seal trusts the hash of the one before it."""

    def __init__(self, start: int = 1) -> None:
        self.reached = max(start, 1) - 1
        self.checked = self.newest_entry = 0
        self.before, self._sound = NOTHING, True  # whether the seal before is there to follow
        self._types = type_names()
        self._keys = {key.id: key for key in keys()}
        if self.reached:
            hashes = AuditSeal.objects.filter(sequence=self.reached).values_list("hash", flat=True)
            self.before, self._sound = hashes.first() or NOTHING, hashes.exists()

    def batch(self) -> list[Finding] | None:
        """Check the next BATCH seals; None: there is none."""
        seals = list(AuditSeal.objects.filter(sequence__gt=self.reached).order_by("sequence").values(*_SEAL)[:BATCH])
        if not seals:
            return None
        entries = entries_of(seal["entry_id"] for seal in seals)
        return [finding for seal in seals for finding in self._check(seal, entries.get(seal["entry_id"]))]

    def unsealed(self) -> Iterator[Finding]:
        """Name entries without a seal that the service has not written, and those that should have had one by now."""
        last = 0
        late = timezone.now() - GRACE
        while rows := list(AuditEntry.objects.unsealed().filter(id__gt=last).order_by("id").values(*COLUMNS)[:BATCH]):
            for row in rows:
                if not self._is_marked(row):
                    yield _named(Kind.INSERTED, None, row)
                elif row["timestamp"] < late:
                    yield _named(Kind.UNSEALED, None, row)
            last = rows[-1]["id"]

    def _check(self, seal: dict[str, Any], entry: dict[str, Any] | None) -> Iterator[Finding]:
        sequence = seal["sequence"]
        if sequence != self.reached + 1:
            yield Finding(Kind.GAP, self.reached + 1, at=_time(seal["sealed_at"]), note=f"up to {sequence - 1}")
            self._sound = False
        kind = self._judge(seal, entry)
        if kind:
            yield _named(kind, seal, entry)
        self.reached, self.before, self._sound = sequence, seal["hash"], True
        self.checked += 1
        self.newest_entry = max(self.newest_entry, seal["entry_id"])

    def _judge(self, seal: dict[str, Any], entry: dict[str, Any] | None) -> Kind | None:
        key = self._keys.get(seal["key_id"])
        if key is None or seal["form"] != FORM:
            return Kind.UNKNOWN_KEY
        if entry is None:
            return Kind.REMOVED
        is_entry = compare_digest(key.sign(entry_bytes(entry, self._type(entry))), seal["digest"])
        # After a gap nothing is known of the hash before; the gap is told.
        follows = not self._sound or compare_digest(key.sign(seal_bytes(seal, self.before)), seal["hash"])
        if not is_entry or not follows:
            return _KINDS[is_entry, follows]
        return None if self._is_marked(entry) else Kind.INSERTED

    def _is_marked(self, entry: dict[str, Any]) -> bool:
        return is_marked(entry, self._type(entry), self._keys)

    def _type(self, entry: dict[str, Any]) -> str:
        return self._types.get(entry["content_type_id"], "")


_KINDS: Final = {(False, True): Kind.ALTERED, (True, False): Kind.MISPLACED, (False, False): Kind.FORGED}


def entries_of(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return {id: columns} of the entries that there are."""
    return {row["id"]: row for row in AuditEntry.objects.filter(id__in=list(ids)).order_by("id").values(*COLUMNS)}


def doubled_findings() -> Iterator[Finding]:
    """Name entries that bear the mark of an earlier one. A unique index forbids it; who copies rows takes that away first."""
    marks = AuditEntry.objects.order_by().values("mark").annotate(rows=Count("id"), first=Min("id"))
    for row in marks.filter(mark__isnull=False, rows__gt=1)[:SHOWN]:
        copies = AuditEntry.objects.filter(mark=row["mark"], id__gt=row["first"]).order_by("id").values(*COLUMNS)
        for copy in copies[:SHOWN]:
            yield replace(_named(Kind.INSERTED, None, copy), note=f"a copy of entry {row['first']}")


def head_findings(known: Iterable[Head]) -> Iterator[Finding]:
    """Compare the chain with what is known of it: its own row, the log's line, former verifications."""
    last = _last()  # before the head's row: the sealer writes both at once
    own = next((Head(chain.sequence, chain.hash) for chain in AuditChain.objects.all()), None)
    if last and (own is None or last > own.sequence):
        yield Finding(Kind.BEYOND, last, note=f"the head is {own.sequence if own else 'gone'}")
    heads = sorted(
        {head for head in [*known, *([own] if own else [])] if head.sequence}, key=lambda head: head.sequence
    )
    rows = AuditSeal.objects.filter(sequence__in=[head.sequence for head in heads])
    hashes = dict(rows.values_list("sequence", "hash"))
    for head in heads:
        if head.sequence not in hashes:
            yield Finding(Kind.CUT, head.sequence, note=f"it ends at {last}")
        elif hashes[head.sequence] != head.hash:
            yield Finding(Kind.REWRITTEN, head.sequence, note=f"it was {head.hash}")


def _last() -> int:
    return AuditSeal.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def _named(kind: Kind, seal: dict[str, Any] | None, entry: dict[str, Any] | None) -> Finding:
    sequence = seal["sequence"] if seal else 0
    if entry is not None:
        return Finding(kind, sequence, entry["id"], entry["event"], _time(entry["timestamp"]))
    return Finding(kind, sequence, seal["entry_id"], at=_time(seal["sealed_at"])) if seal else Finding(kind)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
