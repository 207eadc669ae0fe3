"""A span of whole days in the site's zone: a quarter, a month, a week, or from one day to another.

Enters: text of an address or a command. Leaves: two moments in UTC, the first of it and the first after it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.errors import InvalidRequest

DAYS: Final = 400  # a chart of more days can't be read, and the rows of more are too many for one request
_FIRST, _LAST = date(1971, 1, 1), date(8999, 12, 31)  # what every database holds, whatever the zone makes of it
_DAY: Final = timedelta(days=1)
_QUARTER: Final = re.compile(r"([0-9]{4})-Q([1-4])\Z")
_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})\Z")
_WEEK: Final = re.compile(r"([0-9]{4})-W([0-9]{2})\Z")
_DAYS: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})?)?\Z")


class InvalidPeriod(InvalidRequest):
    code = "invalid_period"
    message = gettext_lazy(
        "A period is a quarter (2026-Q4), a month (2026-11), a week (2026-W48), a day, or days (2026-11-01..2026-11-26;"
        " without the second one until today)."
    )


@dataclass(frozen=True, slots=True)
class Period:
    """`first` and `last` are days of it; `name` is how it is written in an address."""

    name: str
    first: date
    last: date

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first moment after it, so that its last microsecond is in."""
        return midnight(self.last + _DAY)

    @property
    def days(self) -> list[date]:
        return [self.first + _DAY * number for number in range((self.last - self.first).days + 1)]

    @property
    def is_over(self) -> bool:
        return self.until <= timezone.now()

    @property
    def before(self) -> "Period":
        """The period before it, to compare with: of the same kind, or so many days."""
        eve = self.first - _DAY
        if _QUARTER.match(self.name):
            return _quarter(eve)
        if _MONTH.match(self.name):
            return _month(eve.year, eve.month)
        if _WEEK.match(self.name):
            return _week(eve)
        return _span(eve - (self.last - self.first), eve)

    def __str__(self) -> str:
        return self.name


def parse(text: str) -> Period:
    """Return the period that a text names. Raises InvalidPeriod."""
    try:
        found = _read(text)
    except (ValueError, OverflowError):  # written as one, but no day of the calendar
        found = None
    if found is None:
        raise InvalidPeriod(field="period")
    if found.last < found.first:
        raise InvalidPeriod(_("The period ends before it begins."), field="period")
    if not (found.first >= _FIRST and found.last <= _LAST):
        raise InvalidPeriod(_("The period is beyond the calendar."), field="period")
    if len(found.days) > DAYS:
        raise InvalidPeriod(_("A period has %(days)d days at most.") % {"days": DAYS}, field="period")
    return found


def this_quarter() -> Period:
    return _quarter(today())


def today() -> date:
    """The day it is in the site's zone."""
    return timezone.localdate(timezone=zone())


def zone() -> ZoneInfo:
    """The site's zone: a report is the same for all its readers."""
    return ZoneInfo(settings.TIME_ZONE)


def midnight(day: date) -> datetime:
    """Return the first moment of a day, in UTC, where one may reckon with it. Where clocks go forward at midnight it is the gap's end."""
    return datetime.combine(day, time.min, tzinfo=zone()).astimezone(UTC)


def recent() -> list[Period]:
    """Return what people ask for: this quarter and the three before, this month and the two before, this week and the one before."""
    now = today()
    found: list[Period] = []
    for newest, count in ((_quarter(now), 4), (_month(now.year, now.month), 3), (_week(now), 2)):
        for _number in range(count):
            found.append(newest)
            newest = newest.before
    return found


def _read(text: str) -> Period | None:
    if match := _QUARTER.match(text):
        return _quarter(date(int(match[1]), int(match[2]) * 3, 1))
    if match := _MONTH.match(text):
        return _month(int(match[1]), int(match[2]))
    if match := _WEEK.match(text):
        return _week(date.fromisocalendar(int(match[1]), int(match[2]), 1))
    if match := _DAYS.match(text):
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2]) if match[2] else max(today(), first) if ".." in text else first
        return _span(first, last)
    return None


def _span(first: date, last: date) -> Period:
    return Period(f"{first}..{last}" if last != first else f"{first}", first, last)


def _quarter(day: date) -> Period:
    number = (day.month + 2) // 3
    first = date(day.year, number * 3 - 2, 1)
    return Period(f"{day.year:04}-Q{number}", first, _month(day.year, number * 3).last)


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    return Period(f"{year:04}-{month:02}", first, (first + timedelta(days=31)).replace(day=1) - _DAY)


def _week(day: date) -> Period:
    """Weeks begin on Monday, as ISO 8601 counts them."""
    year, number, weekday = day.isocalendar()
    first = day - timedelta(days=weekday - 1)
    return Period(f"{year:04}-W{number:02}", first, first + timedelta(days=6))
