"""Collect: all metrics, in text. A part that fails is named and leaves the others standing."""

import logging
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from prometheus_client.core import Metric

from operations.metrics import standing, upkeep
from operations.metrics.text import gauge, gauges, render
from operations.metrics.totals import totals

logger = logging.getLogger(__name__)

_KEY: Final = "operations.metrics"
Part = Callable[[], list[Metric]]
PARTS: Final[dict[str, Part]] = {
    "syncs": standing.syncs,
    "workflows": standing.workflows,
    "rollbacks": standing.rollbacks,
    "drift": standing.drift,
    "runs": standing.runs,
    "workers": upkeep.workers,
    "instances": upkeep.instances,
    "trail": upkeep.trail,
    "webhooks": upkeep.webhooks,
    "calls": upkeep.calls,
}


def collect() -> str:
    """Return the text. A process keeps gauges METRICS_CACHE seconds, so that many readers cost what one does. Raises DatabaseError."""
    kept: str | None = cache.get(_KEY)
    if kept is None:
        kept = _gauges()
        cache.set(_KEY, kept, settings.SNAPSHOTTER["METRICS_CACHE"])
    return render(totals()) + kept


def _gauges() -> str:
    began = time.monotonic()
    families: list[Metric] = []
    fine: dict[str, float] = {}
    for name, part in PARTS.items():
        try:
            families += part()
            fine[name] = 1
        except DatabaseError:
            logger.exception("metrics part=%s", name)
            fine[name] = 0
    families.append(gauges("snapshotter_metrics_part_up", "1 where this part could be read.", "part", fine))
    families.append(gauge("snapshotter_metrics_seconds", "How long reading the gauges took.", time.monotonic() - began))
    return render(families)
