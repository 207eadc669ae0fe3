"""How fresh inspections are, and the word in the trail when they have stopped: silence must not pass for health."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import Outcome
from audit.record import record
from catalog.models import Instance
from drift.choices import RunState
from drift.inspection.claim import watched
from drift.models import InspectionRun

INTERVALS: Final = 3  # without an inspection that has ended: late


@dataclass(frozen=True, slots=True)
class Freshness:
    """`last` is when the last inspection of the whole instance ended well; `late_since` None: it is not late, or none is meant to be.

    `why` is a code: off (the setting is 0), paused, at_work (one is running), not_begun, or why the latest one failed; "" where not late.
    `text` is the latest failure's.
    """

    last: datetime | None
    late_since: datetime | None = None
    why: str = ""
    text: str = ""

    @property
    def is_late(self) -> bool:
        return self.late_since is not None


def freshness(instance: Instance) -> Freshness:
    """Return how fresh what we say of an instance is. Two or three queries."""
    runs = InspectionRun.objects.filter(instance=instance, project=None)
    base = _base(instance)
    last = base.finished_at if base is not None and base.is_good else None
    every = settings.SNAPSHOTTER["INSPECT_EVERY"]
    if every <= 0:
        return Freshness(last, why="off")
    patience = timedelta(seconds=INTERVALS * every)
    since = _since(base, runs, patience) if base is not None else None
    due = since + patience if since is not None else None
    if due is None or due > timezone.now():
        return Freshness(last, why="" if base is not None else "not_begun")
    latest = runs.order_by("-pk").first()
    if latest is not None and latest.started_at == since and _goes_on(latest, patience) and instance.is_usable:
        return Freshness(last)
    return Freshness(last, due, *_why(instance, latest))


def _why(instance: Instance, latest: InspectionRun | None) -> tuple[str, str]:
    """Return why it is late as a code, and the words of the latest failure."""
    if not instance.is_usable:
        return "paused", instance.paused_because
    if latest is None or latest.is_good:
        return "not_begun", ""
    return ("at_work", "") if latest.state == RunState.WORKING else (latest.error_code, latest.error_text)


def tell_late() -> int:
    """Write into the trail, once each time, that an instance is not inspected any more. Return how many were told."""
    return sum(_tell(instance) for instance in watched())


def _tell(instance: Instance) -> bool:
    found = freshness(instance)
    base = _base(instance)
    if not found.is_late or base is None:
        return False
    with transaction.atomic():
        told = InspectionRun.objects.filter(pk=base.pk, told_late_at=None).update(told_late_at=timezone.now())
        if told:
            reason = f"{found.why}: {found.text}" if found.text else found.why
            detail = {"last": found.last.isoformat() if found.last else None}
            record(
                "inspection.late", actor=SYSTEM, target=instance, outcome=Outcome.FAILED, reason=reason, detail=detail
            )
    return bool(told)


def _base(instance: Instance) -> InspectionRun | None:
    """Return the last one that ended well, or the first one ever: from there lateness counts."""
    runs = InspectionRun.objects.filter(instance=instance, project=None)
    return runs.ended_well().order_by("-finished_at", "-pk").first() or runs.order_by("pk").first()


def _goes_on(run: InspectionRun, patience: timedelta) -> bool:
    """Whether one is at work that takes longer, as the first of a large instance does: then nothing has stopped."""
    lives = run.lease_until is not None and run.lease_until + patience > timezone.now()
    return run.state == RunState.WORKING and lives


def _since(base: InspectionRun, runs: QuerySet[InspectionRun], patience: timedelta) -> datetime:
    """Where none was begun for so long, it was not meant to be, or no worker ran: then it counts from the first that was again."""
    if base.finished_at is None or not base.is_good:
        return base.started_at
    again = runs.filter(pk__gt=base.pk).order_by("pk").values_list("started_at", flat=True).first()
    return again if again is not None and again - base.finished_at > patience else base.finished_at
