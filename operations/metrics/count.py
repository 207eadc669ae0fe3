"""Count: add what the trail has sealed since the last time to the totals. Each entry once, in the order of its seals.

The chain's sequence has no gap and its seals commit in order, so "all up to N" is exact: a worker that dies in between has counted nothing.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F

from audit.models import AuditEntry, AuditSeal
from operations.metrics.models import DurationTotal, EventTotal, MetricPlace
from snapshotter.choices import TERMINAL
from snapshotter.models import Sync

BATCH: Final = 2_000
BUCKETS: Final = (1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0)  # seconds, upper bounds
# Entries that end a sync and name it in their detail.
_ENDS: Final = tuple(
    f"{kind}.{end}" for kind in ("publish", "capture", "confirm") for end in ("succeeded", "unchanged", "failed")
)
_DOLPHIN_LENGTH: Final = 40


def count() -> int:
    """Count up to BATCH entries and return how many; 0 too where another worker is at it. Safe to run anywhere, any number of times."""
    with transaction.atomic():
        place = _held()
        if place is None:
            return 0
        sealed = dict(
            AuditSeal.objects.filter(sequence__gt=place.sequence)
            .order_by("sequence")
            .values_list("sequence", "entry_id")[:BATCH]
        )
        if not sealed:
            return 0
        _count_events(sealed.values())
        _count_durations(sealed.values())
        MetricPlace.objects.filter(pk=place.pk).update(sequence=max(sealed))
    return len(sealed)


def _held() -> MetricPlace | None:
    """Return the place, locked until the transaction ends; None where somebody else holds it."""
    places = MetricPlace.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    place = places.filter(pk=MetricPlace.ONLY).first()
    if place is None and not MetricPlace.objects.filter(pk=MetricPlace.ONLY).exists():
        MetricPlace.objects.get_or_create(pk=MetricPlace.ONLY)
        place = places.filter(pk=MetricPlace.ONLY).first()
    return place


def _count_events(entries: Iterable[int]) -> None:
    rows = AuditEntry.objects.filter(pk__in=list(entries)).values_list("event", "outcome", "scope")
    for (event, outcome, dolphin), times in Counter(
        (event, outcome, _dolphin(scope)) for event, outcome, scope in rows
    ).items():
        key = {"event": event, "outcome": outcome, "dolphin": dolphin}
        if not EventTotal.objects.filter(**key).update(value=F("value") + times):
            EventTotal.objects.create(**key, value=times)


def _dolphin(scope: str) -> str:
    """Return the instance of a scope `instance/project`; "" where it has none."""
    return scope.split("/", 1)[0][:_DOLPHIN_LENGTH] if "/" in scope else ""


def _count_durations(entries: Iterable[int]) -> None:
    ends = AuditEntry.objects.filter(pk__in=list(entries), event__in=_ENDS).values_list("additional_data", flat=True)
    syncs = Sync.objects.filter(
        pk__in={detail["sync"] for detail in ends if detail and "sync" in detail},
        state__in=TERMINAL,
    ).values_list("kind", "state", "workflow__project__instance__name", "created_at", "finished_at")
    found: dict[tuple[str, str, str], list[float]] = {}
    for kind, state, dolphin, begin, end in syncs:
        if end is not None:
            found.setdefault((kind, state, dolphin), []).append(max(0.0, (end - begin).total_seconds()))
    for (kind, state, dolphin), seconds in found.items():
        _add(DurationTotal.objects.get_or_create(kind=kind, state=state, dolphin=dolphin)[0], seconds)


def _add(total: DurationTotal, seconds: list[float]) -> None:
    counts: list[Any] = total.counts or [0] * (len(BUCKETS) + 1)
    for one in seconds:
        counts[next((at for at, bound in enumerate(BUCKETS) if one <= bound), len(BUCKETS))] += 1
    DurationTotal.objects.filter(pk=total.pk).update(counts=counts, seconds=F("seconds") + sum(seconds))
