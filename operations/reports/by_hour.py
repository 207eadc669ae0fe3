"""Rows put together to days of the site's zone.

The database groups by UTC hours, which every day of most zones begins with: MySQL without tables of zones can't tell days of another one.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncHour, TruncMinute

from operations.reports.period import Period, midnight, zone


def by_day(rows: "QuerySet[Any]", field: str, period: Period) -> dict[date, int]:
    """Return how many rows each day of the period has, days without one too. One query; `rows` are of the period."""
    found = dict.fromkeys(period.days, 0)
    for at, number in rows.annotate(at=hour_of(field, period)).values_list("at").annotate(number=Count("pk")):
        found[day_of(at)] += number
    return found


def hour_of(field: str, period: Period) -> Any:
    """Return a moment cut to its hour; to its minute where a day of the period begins within an hour."""
    is_whole = all(midnight(day).minute == 0 for day in period.days)
    return (TruncHour if is_whole else TruncMinute)(field, tzinfo=UTC)


def day_of(moment: datetime) -> date:
    """Return the day of the site's zone."""
    return moment.astimezone(zone()).date()
