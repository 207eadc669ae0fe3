"""When a rule is quiet. Pure: a rule and a moment in, the end of the quiet out."""

from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Quiet(Protocol):
    """Each day from `quiet_from` to `quiet_to` in a zone, over midnight where that comes first; None: never."""

    quiet_from: time | None
    quiet_to: time | None
    time_zone: str


def quiet_until(rule: Quiet, moment: datetime) -> datetime | None:
    """Return when the quiet that is on at the moment ends, None when there is none. The end itself is loud again."""
    if rule.quiet_from is None or rule.quiet_to is None:
        return None
    zone = ZoneInfo(rule.time_zone)
    today = moment.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        last = day if rule.quiet_from < rule.quiet_to else day + timedelta(days=1)
        # In UTC: two moments of one zone would be compared by their wall clocks, which jump twice a year.
        begins = datetime.combine(day, rule.quiet_from, zone).astimezone(UTC)
        ends = datetime.combine(last, rule.quiet_to, zone).astimezone(UTC)
        if begins <= moment < ends:
            return ends
    return None
