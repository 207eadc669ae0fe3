"""When the schedule fires next, now and afterwards, and whether the rollback would swallow a run: the fire guard's own reckoning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings

from definitions.cron import Cron
from rollback.impact.findings import Finding, Weight
from rollback.impact.prospect import Prospect
from snapshotter.gates.fire_guard import followed_by_a_gap, needed_gap
from versions.fires_ahead import fires_ahead
from versions.next_fires import NextFire


class Missed(StrEnum):
    NONE = "none"
    MAY_BE = "may_be"
    UNKNOWN = "unknown"  # when it fires can't be reckoned
    ENDS = "ends"  # it will not fire any more, as chosen


@dataclass(frozen=True, slots=True)
class Fires:
    """`now`, `after`: None where nothing fires. `waits_for`: the fire that the worker waits for before it begins."""

    now: NextFire | None
    after: NextFire | None
    missed: Missed
    waits_for: datetime | None = None


def fires(prospect: Prospect) -> Fires:
    """Raises ContentDamaged."""
    now = _next(prospect.schedule_now, prospect.now) if prospect.fires_now else None
    after = _next(prospect.schedule_after, prospect.now) if prospect.fires_after else None
    if now is None or not (prospect.writes_content or prospect.writes_schedule or after is None):
        return Fires(now, after, Missed.NONE)
    if after is None:
        return Fires(now, after, Missed.ENDS)
    missed, waits_for = _missed(prospect)
    return Fires(now, after, missed, waits_for)


def _missed(prospect: Prospect) -> tuple[Missed, datetime | None]:
    cron = Cron.of(prospect.schedule_now or {})
    if cron is None:
        return Missed.UNKNOWN, None
    first = next(cron.after(prospect.now), None)
    needed = needed_gap(prospect.workflow.pk)
    if first is None or first - prospect.now > needed:
        return Missed.NONE, None
    if float(settings.SNAPSHOTTER["FIRE_GUARD"]) <= 0:
        return Missed.MAY_BE, None
    gap = followed_by_a_gap(cron.after(prospect.now), prospect.now, needed)
    return (Missed.NONE, gap) if gap is not None else (Missed.MAY_BE, None)


def _next(schedule: dict[str, Any] | None, now: datetime) -> NextFire:
    ahead = fires_ahead(schedule, count=1, now=now)
    found = schedule or {}
    return NextFire(
        cron=str(found.get("crontab", "")),
        zone=str(found.get("timezoneId") or "UTC"),
        is_known=ahead.is_known,
        at=ahead.times[0].astimezone(UTC) if ahead.times else None,
    )


def fire_findings(found: Fires) -> Iterator[Finding]:
    if found.waits_for is not None:
        yield Finding("fire_soon", Weight.NOTE, {"at": found.waits_for.astimezone(UTC).isoformat()})
    elif found.missed == Missed.MAY_BE and found.now is not None:
        yield Finding("fire_may_be_missed", Weight.NOTE, {"crontab": found.now.cron})
