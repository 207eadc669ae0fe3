"""Quartz cron expressions: six or seven fields, `?`, days of the week from 1 = SUN."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


class BadCron(ValueError):
    """The expression is not one Quartz takes."""


def _weekday(field: str) -> str:
    """Turn Quartz's 1-7 into names; the number after `#` and `/` is a count, not a day."""

    def rename(match: re.Match[str]) -> str:
        day = int(match.group())
        if not 1 <= day <= 7:
            raise BadCron(f"no such day: {day}")
        return str(day - 1)

    return re.sub(r"(?<![#/\d])\d+", rename, field)


def fires(expression: str, after: datetime, zone: str) -> Iterator[datetime]:
    """Yield the fire times after a moment, in the schedule's zone; an unknown zone is read as UTC, as the server does."""
    fields = expression.split()
    if len(fields) not in (6, 7) or "?" not in (fields[3], fields[5]):
        raise BadCron(expression)
    year = fields[6] if len(fields) == 7 else "*"
    plain = [field.replace("?", "*") for field in fields[:5]] + [_weekday(fields[5].replace("?", "*"))]
    try:
        moments = CronSim(" ".join(plain), after.astimezone(_zone(zone)))
    except CronSimError as error:
        raise BadCron(str(error)) from error
    years = _years(year)
    for moment in moments:
        if moment.year in years:
            yield moment
        elif moment.year > max(years):
            return


def _years(field: str) -> set[int]:
    """Read `*`, `2027`, `2027,2031`, `2027-2031`, `2027-2031/2`."""
    years: set[int] = set()
    for term in field.split(","):
        span, _, step = term.partition("/")
        first, _, last = ("1970-2099" if span == "*" else span).partition("-")
        try:
            years |= set(range(int(first), int(last or first) + 1, int(step or 1)))
        except ValueError:
            raise BadCron(f"no such year: {field}") from None
    return years


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return ZoneInfo("UTC")
