"""Counters and histograms, as `count` keeps them. Never cached: two processes that answer in turn must not seem to count backwards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Sum
from prometheus_client.core import Metric

from audit.models import Outcome
from operations.metrics.count import BUCKETS
from operations.metrics.models import DurationTotal, EventTotal, MetricPlace
from operations.metrics.text import Sample, family, gauge
from snapshotter.choices import SyncKind

_BOUNDS = (*(f"{bound:g}" for bound in BUCKETS), "+Inf")


def totals() -> list[Metric]:
    return [_events(), *_named(), _durations(), _place()]


def _events() -> Metric:
    rows = EventTotal.objects.values_list("event", "outcome", "dolphin", "value")
    samples = tuple(
        Sample(value, {"event": event, "outcome": outcome, "dolphin": dolphin})
        for event, outcome, dolphin, value in rows
    )
    return family(
        "snapshotter_events_total", "counter", "Entries of the audit trail by event, outcome and instance.", samples
    )


def _named() -> Iterator[Metric]:
    """Always there, also before the first one: what asks how much a counter rose needs the zero before the one."""
    rows = EventTotal.objects.order_by().values_list("event").annotate(times=Sum("value"))
    found: dict[str, int] = dict(rows.filter(event__in={event for named in _NAMED for event in named.events.values()}))
    for named in _NAMED:
        samples = (
            Sample(found.get(event, 0), {"result": result} if result else {}) for result, event in named.events.items()
        )
        yield family(named.name, "counter", named.help, tuple(samples))
    refused = EventTotal.objects.filter(outcome=Outcome.REFUSED).aggregate(times=Sum("value"))["times"] or 0
    yield family("snapshotter_refusals_total", "counter", "Attempts that were refused.", (Sample(refused),))


@dataclass(frozen=True, slots=True)
class _Name:
    """`events`: {result: event}; the result "" has no label."""

    name: str
    help: str
    events: Mapping[str, str]


_NAMED = (
    _Name(
        "snapshotter_publishes_total",
        "Publishes that ended, by result.",
        {"succeeded": "publish.succeeded", "failed": "publish.failed", "duplicate": "publish.duplicate"},
    ),
    _Name(
        "snapshotter_rollbacks_total",
        "Rollbacks that ended, by result.",
        {"done": "rollback.done", "failed": "rollback.failed"},
    ),
    _Name("snapshotter_glass_broken_total", "Rollbacks without their approvals.", {"": "rollback.glass_broken"}),
    _Name("snapshotter_fires_missed_total", "Publishes that cost scheduled runs.", {"": "fire.missed"}),
    _Name("snapshotter_webhooks_given_up_total", "Messages that were never taken.", {"": "webhook.given_up"}),
    _Name("snapshotter_dolphin_pauses_total", "Times a token was refused and calls stopped.", {"": "instance.paused"}),
)


def _durations() -> Metric:
    samples = tuple(sample for row in DurationTotal.objects.all() for sample in _histogram(row))
    text = "Seconds from the acceptance of a sync to its end, waiting included."
    return family("snapshotter_sync_duration_seconds", "histogram", text, samples)


def _histogram(row: DurationTotal) -> Iterator[Sample]:
    labels = {"kind": SyncKind(row.kind).value, "state": row.state, "dolphin": row.dolphin}
    below = list(accumulate(row.counts))
    for bound, times in zip(_BOUNDS, below, strict=True):
        yield Sample(times, {**labels, "le": bound}, "_bucket")
    yield Sample(row.seconds, labels, "_sum")
    yield Sample(below[-1], labels, "_count")


def _place() -> Metric:
    sequence = MetricPlace.objects.values_list("sequence", flat=True).first() or 0
    return gauge("snapshotter_events_counted_sequence", "Last seal of the trail that the totals hold.", sequence)
