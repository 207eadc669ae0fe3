"""Retain: delete what is past its days, a bounded batch a transaction, in slices of time. Told in the trail once a day.

Claiming moves the mark's `due_at` ahead by the database's clock; each batch locks the mark as well, so that what is counted was deleted.
"""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from audit.actors import SYSTEM
from audit.record import record
from catalog.deployment import is_ours
from operations.retention.models import RetentionMark
from operations.retention.retention import KINDS, Kind, Seen, cutoffs_of
from snapshotter.claim import in_seconds

_CLAIM: Final = 120.0  # seconds after which a worker counts as dead
_REST: Final = 3600.0  # seconds between passes
_JOURNALS: Final = KINDS[0]


def retain_due(seconds: float) -> int:
    """Go on with a pass for about so long if it is due; return how many rows went. A copied database is left as it is."""
    if not is_ours():
        return 0
    mark, _ = RetentionMark.objects.get_or_create(pk=RetentionMark.ONLY, defaults={"due_at": Now()})
    if not RetentionMark.objects.due().filter(pk=mark.pk).update(due_at=in_seconds(_CLAIM)):
        return 0
    until = time.monotonic() + seconds
    deleted = 0
    for went, more in _pass():
        deleted += went
        if (went or more) and time.monotonic() > until:
            RetentionMark.objects.filter(pk=mark.pk).update(due_at=Now())
            return deleted
    RetentionMark.objects.filter(pk=mark.pk).update(due_at=in_seconds(_REST), done_at=timezone.now(), place=0)
    return deleted


def retain() -> dict[str, int]:
    """Do a whole pass at once; return {kind: rows deleted}."""
    RetentionMark.objects.get_or_create(pk=RetentionMark.ONLY, defaults={"due_at": Now()})
    deleted: Counter[str] = Counter({kind.name: 0 for kind in KINDS})
    _tell_yesterday()
    for kind in KINDS:
        for seen in _looks(kind, 0):
            deleted[kind.name] += _delete(kind, seen, place=None)
    return dict(deleted)


def would_go() -> dict[str, int]:
    """Return {kind: rows that a pass would delete now}; of journals how many journals, not lines. Deletes nothing."""
    return {kind.name: _would_go(kind) for kind in KINDS}


def _would_go(kind: Kind) -> int:
    if kind.all_of is None:
        return sum(len(seen.keys) for seen in _looks(kind, 0))
    return kind.all_of(cutoffs_of(settings.SNAPSHOTTER, kind.days, timezone.now())).count()


def _pass() -> Iterator[tuple[int, bool]]:
    """Delete batch by batch; yield (rows deleted, whether more of the kind may be old).

    Journals go on where the last slice ended; the others begin at their oldest row, since what was old is gone.
    """
    _tell_yesterday()
    for kind in KINDS:
        place = RetentionMark.objects.get(pk=RetentionMark.ONLY).place if kind is _JOURNALS else 0
        for seen in _looks(kind, place):
            yield _delete(kind, seen, place=seen.last if kind is _JOURNALS else None), seen.more


def _looks(kind: Kind, above: int) -> Iterator[Seen]:
    """Look further until nothing old is left. What is found is deleted in between, so a look without a place finds others the next time."""
    days, more = settings.SNAPSHOTTER, True
    while more and any(days[name] > 0 for name in kind.days):
        seen = kind.look(cutoffs_of(days, kind.days, timezone.now()), above)
        yield seen
        above, more = seen.last, seen.more


def _delete(kind: Kind, seen: Seen, *, place: int | None) -> int:
    if not seen.keys and place is None:
        return 0
    with transaction.atomic():
        mark = RetentionMark.objects.select_for_update().get(pk=RetentionMark.ONLY)
        deleted = kind.delete(seen.keys) if seen.keys else 0
        today = _today()
        counts = Counter(mark.counts if mark.day == today else {})
        counts[kind.name] += deleted
        RetentionMark.objects.filter(pk=mark.pk).update(
            day=today,
            counts={name: times for name, times in counts.items() if times},
            place=mark.place if place is None else place,
            due_at=in_seconds(_CLAIM) if place is not None else mark.due_at,
        )
    return deleted


def _tell_yesterday() -> None:
    """Write what was deleted on the last day on which anything was, once that day is over."""
    with transaction.atomic():
        mark = RetentionMark.objects.select_for_update().get(pk=RetentionMark.ONLY)
        if mark.day is None or mark.day >= _today():
            return
        if mark.counts:
            record("retention.done", actor=SYSTEM, target=mark, detail={"day": str(mark.day), "deleted": mark.counts})
        RetentionMark.objects.filter(pk=mark.pk).update(day=None, counts={})


def _today() -> date:
    return timezone.now().date()
