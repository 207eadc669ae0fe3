"""When a freeze window freezes. Pure: a window and a moment in, the end of the freeze out."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Window(Protocol):
    """Once, from `starts_at` to `ends_at`; or each week, from weekday and time to weekday and time in a zone (Monday is 0)."""

    starts_at: datetime | None
    ends_at: datetime | None
    start_weekday: int | None
    start_time: time | None
    end_weekday: int | None
    end_time: time | None
    time_zone: str


def active_until(window: Window, now: datetime) -> datetime | None:
    """Return when the freeze that is on at `now` ends, None when there is none. The end itself is free again."""
    for start, end in _spans(window, now):
        if start <= now < end:
            return end
    return None


def begins_next(window: Window, now: datetime) -> datetime | None:
    """Return when the window begins next after `now`, None for a single one that has begun."""
    starts = [start for start, _end in _spans(window, now)]
    if window.starts_at is None:  # weekly: the latest begin is at most a week ago
        starts += [start for start, _end in _spans(window, now + timedelta(days=7))]
    return min((start for start in starts if start > now), default=None)


def _spans(window: Window, now: datetime) -> list[tuple[datetime, datetime]]:
    if window.starts_at is not None and window.ends_at is not None:
        return [(window.starts_at, window.ends_at)]
    if (
        window.start_weekday is None
        or window.start_time is None
        or window.end_weekday is None
        or window.end_time is None
    ):
        return []
    zone = ZoneInfo(window.time_zone)
    days = (window.end_weekday - window.start_weekday) % 7
    if days == 0 and window.end_time <= window.start_time:
        days = 7
    today = now.astimezone(zone).date()
    latest = today - timedelta(days=(today.weekday() - window.start_weekday) % 7)
    return [
        (_moment(day, window.start_time, zone), _moment(day + timedelta(days=days), window.end_time, zone))
        for day in (latest, latest - timedelta(days=7))  # on its weekday before the hour, last week's may still be on
    ]


def _moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """In UTC: two moments of one zone would be compared by their wall clocks, which jump twice a year."""
    return datetime.combine(day, hour, zone).astimezone(UTC)
