"""When to wait: for a write whose answer never came, and for a DolphinScheduler that is away.

A write is never sent again at once: DolphinScheduler may still be working on the first one, and two overlapping updates corrupt a
workflow. After the settle time it can't be working any more; then what it shows decides.
"""

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from snapshotter.claim import wait
from snapshotter.failures import SyncFailed
from snapshotter.journal import unanswered_write
from snapshotter.models import Sync, SyncStep

UNSTEADY_PAUSE = 30.0  # seconds, while two looks after a write without an answer still differ
_FIRST_PAUSE = 5.0  # seconds; doubled with every attempt
_LONGEST_PAUSE = 300.0


def settle_seconds(sync: Sync) -> float:
    """Return how long to wait before DolphinScheduler may be written again, 0 when nothing is unanswered."""
    step = unanswered_write(sync)
    if step is None:
        return 0.0
    rows = SyncStep.objects.filter(pk=step.pk).annotate(now=Now())
    sent_at, now = rows.values_list("sent_at", "now").get()
    passed = (now - sent_at).total_seconds()
    return max(0.0, float(settings.SNAPSHOTTER["WRITE_SETTLE"]) - passed)


def wait_to_settle(sync: Sync, seconds: float, *, text: str = "") -> None:
    """Put the sync aside until its unanswered write can't be at work any more."""
    wait(sync, seconds, error_code="dolphin_unknown_outcome", error_text=text or sync.error_text)


def wait_to_retry(sync: Sync, problem: SyncFailed) -> None:
    """Put the sync aside while DolphinScheduler is away, longer each time."""
    seconds = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(sync.retries, 6))
    wait(sync, seconds, retries=F("retries") + 1, error_code=problem.code, error_text=problem.text)
