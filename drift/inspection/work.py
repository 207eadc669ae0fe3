"""What a worker does for inspection, whoever runs it: begin what is due, work on it in slices, say when it has stopped, tidy up."""

from datetime import timedelta
from typing import Final

from django.db.models import Max
from django.utils import timezone

from drift.inspection.claim import begin_due
from drift.inspection.freshness import tell_late
from drift.inspection.inspect import inspect_due
from drift.models import InspectionRun
from drift.unmute import wake_due

KEPT: Final = timedelta(days=60)
_AT_ONCE: Final = 500  # rows a round


def work_due(seconds: float) -> int:
    """Do what is due for about so many seconds; return whether there was anything. Safe to run by several at once."""
    begun = begin_due()
    told = tell_late()  # at once behind it: a project that is switched on later is not late for not being begun
    worked = inspect_due(seconds)
    return begun + worked + told + wake_due() + forget_old()


def forget_old() -> int:
    """Delete inspections that ended long ago, some a round; the last good one of each instance stays. Return how many."""
    good = InspectionRun.objects.ended_well().order_by()
    last = good.values("instance").annotate(newest=Max("pk")).values("newest")
    old = InspectionRun.objects.filter(finished_at__lt=timezone.now() - KEPT, told_late_at=None)
    ids = list(old.exclude(pk__in=list(last.values_list("newest", flat=True))).values_list("pk", flat=True)[:_AT_ONCE])
    return InspectionRun.objects.filter(pk__in=ids).delete()[0] if ids else 0
