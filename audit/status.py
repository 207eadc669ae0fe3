"""How the chain stands, for its page, the API and doctor: cheap, whatever the trail's length."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from audit.models import AuditChain, AuditEntry, AuditVerification
from audit.walk import GRACE


@dataclass(frozen=True, slots=True)
class Status:
    """`sequence` and `hash`: the head, 0 and "" without one. `last`: the newest verification from the first seal on that has ended.

    `waits_since`: the time of the oldest entry known to have no seal although it should, None where all is well.
    """

    sequence: int
    hash: str
    last: AuditVerification | None
    running: AuditVerification | None
    waits_since: datetime | None


def faults(ids: Iterable[int]) -> dict[int, str]:
    """Return {entry id: kind of the finding} of those entries that the last verification named. One query, of the newest row."""
    wanted = set(ids)
    last = AuditVerification.objects.filter(ended_at__isnull=False, start=1).order_by("-ended_at").first()
    named = last.findings if last is not None else []
    return {row["entry"]: row["kind"] for row in reversed(named) if row.get("entry") in wanted}


def status() -> Status:
    """Look at the head, the verifications and what waits. Reads only."""
    chain = AuditChain.objects.filter(pk=AuditChain.ONLY).first() or AuditChain()
    ended = AuditVerification.objects.filter(ended_at__isnull=False, start=1).order_by("-ended_at")
    late = AuditEntry.objects.unsealed().filter(id__gt=chain.settled, timestamp__lt=timezone.now() - GRACE)
    return Status(
        sequence=chain.sequence,
        hash=chain.hash,
        last=ended.first(),
        running=AuditVerification.objects.filter(open_key__isnull=False).first(),
        waits_since=late.order_by("id").values_list("timestamp", flat=True).first(),
    )
