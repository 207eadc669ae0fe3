"""Gauges of what keeps the service going: workers, instances, the trail's seals, the outbox, calls to DolphinScheduler."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.utils import timezone
from prometheus_client.core import Metric

from audit.models import AuditChain, AuditEntry, AuditSeal
from audit.status import status
from catalog.models import Instance
from drift.inspection.freshness import freshness
from operations.metrics.models import WorkerBeat
from operations.metrics.standing import age
from operations.metrics.text import Sample, family, gauge, gauges
from snapshotter.choices import DeliveryState
from snapshotter.models import Sync, SyncStep, WebhookDelivery

VERSION: Final = "0.1.0"  # as in pyproject.toml
MANY: Final = 10_000  # counts end here: what is more needs no exact figure
_STEPS, _SPAN = 2_000, timedelta(hours=1)
_SHARES: Final = {"0.5": 0.5, "0.95": 0.95, "1": 1.0}


def workers() -> list[Metric]:
    beats = {name: at.timestamp() for name, at in WorkerBeat.objects.values_list("name", "beat_at")}
    text = "When a worker of this kind last did a round."
    return [gauges("snapshotter_worker_last_round_timestamp_seconds", text, "worker", beats)]


def instances() -> list[Metric]:
    rows = list(Instance.objects.order_by("name"))
    paused = {row.name: float(bool(row.paused_because)) for row in rows}
    enabled = {row.name: float(row.enabled) for row in rows}
    info = [Sample(1, {"dolphin": row.name, "flavour": row.flavour, "version": row.version_seen}) for row in rows]
    fresh = {row.name: freshness(row) for row in rows}
    ended = {name: found.last.timestamp() for name, found in fresh.items() if found.last}
    return [
        family("snapshotter_build_info", "gauge", "The service itself.", (Sample(1, {"version": VERSION}),)),
        family("snapshotter_dolphin_info", "gauge", "Instances with API flavour and version.", tuple(info)),
        gauges("snapshotter_dolphin_enabled", "1 where calls to the instance are wanted.", "dolphin", enabled),
        gauges("snapshotter_dolphin_paused", "1 where calls are stopped, for a refused token.", "dolphin", paused),
        gauges(
            "snapshotter_inspection_last_done_timestamp_seconds",
            "When the last whole inspection of the instance ended well; no line before the first.",
            "dolphin",
            ended,
        ),
        gauges(
            "snapshotter_inspection_late",
            "1 where the instance was not inspected for three intervals; drift there goes unnoticed.",
            "dolphin",
            {name: float(found.is_late) for name, found in fresh.items()},
        ),
    ]


def trail() -> list[Metric]:
    settled = AuditChain.objects.values_list("settled", flat=True).first() or 0
    waiting = len(AuditEntry.objects.unsealed().filter(id__gt=settled).order_by("id").values_list("id")[:MANY])
    sealed = AuditSeal.objects.order_by("-sequence").values_list("sequence", "sealed_at").first()
    last = status().last
    return [
        gauge("snapshotter_audit_unsealed", f"Entries without a seal yet, counted up to {MANY}.", waiting),
        gauge("snapshotter_audit_sequence", "Place of the newest seal.", sealed[0] if sealed else 0),
        gauge(
            "snapshotter_audit_last_seal_timestamp_seconds",
            "When the newest seal was made; no line before the first.",
            sealed[1].timestamp() if sealed else None,
        ),
        gauge("snapshotter_audit_findings", "What the last verification found wrong.", last.found if last else 0),
    ]


def webhooks() -> list[Metric]:
    deliveries = WebhookDelivery.objects.order_by()
    found = {
        state.value: float(len(deliveries.filter(state=state).values_list("pk")[:MANY]))
        for state in (DeliveryState.PENDING, DeliveryState.GIVEN_UP)
    }
    oldest = WebhookDelivery.objects.due().order_by("due_at").values_list("due_at", flat=True).first()
    return [
        gauges("snapshotter_webhook_deliveries", f"Messages not taken, by state, up to {MANY}.", "state", found),
        gauge("snapshotter_webhook_due_oldest_age_seconds", "How long the oldest has been due.", age(oldest)),
    ]


def calls() -> list[Metric]:
    """From the newest lines of journals, at most an hour old: how DolphinScheduler answers now."""
    found: dict[str, list[float]] = {}
    for dolphin, milliseconds in _calls():
        found.setdefault(dolphin, []).append(milliseconds / 1000)
    samples = tuple(
        Sample(_share(sorted(seconds), share), {"dolphin": dolphin, "share": name})
        for dolphin, seconds in sorted(found.items())
        for name, share in _SHARES.items()
    )
    times = {dolphin: len(seconds) for dolphin, seconds in sorted(found.items())}
    span = f"within an hour, from the newest {_STEPS} lines of journals"
    return [
        family(
            "snapshotter_dolphin_call_seconds",
            "gauge",
            f"Seconds of which a share of calls needed less, {span}.",
            samples,
        ),
        gauges("snapshotter_dolphin_calls_seen", f"How many calls that is, {span}.", "dolphin", times),
    ]


def _calls() -> list[tuple[str, float]]:
    # Lines alone first: with the join MariaDB would sort all of them.
    newest = SyncStep.objects.order_by("-pk").values_list("sync_id", "sent_at", "summary")[:_STEPS]
    since = timezone.now() - _SPAN
    steps = [(sync, summary) for sync, sent_at, summary in newest if sent_at >= since]
    whose = dict(
        Sync.objects.filter(pk__in={sync for sync, _ in steps}).values_list("pk", "workflow__project__instance__name")
    )
    return [
        (whose[sync], call["milliseconds"])
        for sync, summary in steps
        for call in summary.get("calls", [])
        if sync in whose
    ]


def _share(ordered: Sequence[float], share: float) -> float:
    """Return the value that so much of the values does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
