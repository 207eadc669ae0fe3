"""When a DolphinScheduler schedule fires: Quartz expressions (six or seven fields, seconds first) in the schedule's own zone.

Enters: a schedule in canonical or row form. Leaves: moments in UTC. Anyone may import it; pure. What can't be reckoned exactly as Quartz
does is answered None, never guessed: days of the month with W or L-n, steps of 0, zones Python does not know.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

STAMP: Final = "%Y-%m-%d %H:%M:%S"
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_YEARS: Final = range(1970, 2100)
_NAMES: Final[dict[str, int]] = {
    **{name: number for number, name in enumerate(_DAYS, 1)},
    **{name: number for number, name in enumerate(_MONTHS, 1)},
}
_TERM: Final = re.compile(r"(?P<first>\*|[A-Z]{3}|\d+)?(?:-(?P<last>[A-Z]{3}|\d+))?(?:/(?P<step>\d+))?")
_NTH: Final = re.compile(r"(?P<day>[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(?:(?P<last>L)|#(?P<nth>[1-5]))")
_OFFSET: Final = re.compile(r"GMT(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")
_CHANGES: Final = timedelta(hours=3)  # more than any clock change


class _Unknown(ValueError):
    """Not one we reckon as Quartz does."""


@dataclass(frozen=True, slots=True)
class Cron:
    """`plain` is the expression as cronsim takes it; `years` None: every year."""

    plain: str
    years: frozenset[int] | None
    zone: tzinfo
    start: datetime  # wall clock of the zone, as DolphinScheduler reads startTime
    end: datetime

    @classmethod
    def of(cls, schedule: Mapping[str, Any]) -> Self | None:
        """Read {crontab, timezoneId, startTime, endTime}; None where the fires can't be known."""
        try:
            plain, years = _translated(str(schedule["crontab"]))
            zone = _zone(str(schedule.get("timezoneId") or "UTC"))
            start, end = (
                datetime.strptime(str(schedule[key])[:19].replace("T", " "), STAMP) for key in ("startTime", "endTime")
            )
            CronSim(plain, start)
        except (KeyError, ValueError, CronSimError):
            return None
        return cls(plain, years, zone, start, end)

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Yield the fires later than a moment (aware), in UTC.

        As Quartz does where clocks change: a time that is left out does not fire, one that comes twice fires the second time only.
        """
        for wall in self._walls(moment.astimezone(self.zone).replace(tzinfo=None, fold=0)):
            local = wall.replace(tzinfo=self.zone, fold=1)
            fire = local.astimezone(UTC)
            if fire > moment and fire.astimezone(self.zone).replace(tzinfo=None) == wall:
                yield fire

    def between(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Yield the fires of [first, last], also where the clock is put back inside."""
        begin = first - timedelta(microseconds=1)
        changes = begin.astimezone(self.zone).utcoffset() != (begin - _CHANGES).astimezone(self.zone).utcoffset()
        soon = begin.astimezone(self.zone).utcoffset() != (begin + _CHANGES).astimezone(self.zone).utcoffset()
        for fire in self.after(begin - _CHANGES if changes or soon else begin):
            if fire > last:
                return
            if fire >= first:
                yield fire

    def _walls(self, wall: datetime) -> Iterator[datetime]:
        """Yield wall-clock times after one, inside start and end. Years that are left out are jumped over."""
        wall = max(wall, self.start - timedelta(seconds=1))
        while wall <= self.end:
            for found in CronSim(self.plain, wall):
                if found > self.end:
                    return
                if self.years is not None and found.year not in self.years:
                    wall = found
                    break
                yield found
            else:
                return
            later = [year for year in self.years or () if year > wall.year]
            if not later:
                return
            wall = datetime(min(later), 1, 1) - timedelta(seconds=1)


def _translated(expression: str) -> tuple[str, frozenset[int] | None]:
    fields = expression.upper().split()
    if len(fields) not in (6, 7) or (fields[3] == "?") == (fields[5] == "?"):
        raise _Unknown(expression)
    second, minute, hour, day, month, weekday = fields[:6]
    plain = [
        _list(second, range(60)),
        _list(minute, range(60)),
        _list(hour, range(24)),
        day.replace("?", "*") if day in ("?", "*", "L", "LW") else _list(day, range(1, 32)),
        _list(month, range(1, 13)),
        _weekday(weekday),
    ]
    years = None if len(fields) == 6 or fields[6] == "*" else frozenset(_numbers(fields[6], _YEARS))
    return " ".join(plain), years


def _weekday(field: str) -> str:
    """Quartz counts days from 1 = SUN, cronsim from 0; `L` alone is SAT, `6L` the month's last FRI."""
    if field in ("?", "*"):
        return "*"
    found = _NTH.fullmatch(field)
    if found:
        day = _number(found["day"], range(1, 8)) - 1
        return f"{day}L" if found["last"] else f"{day}#{found['nth']}"
    return ",".join(str(day - 1) for day in _numbers("7" if field == "L" else field, range(1, 8)))


def _list(field: str, allowed: range) -> str:
    return "*" if field == "*" else ",".join(map(str, _numbers(field, allowed)))


def _numbers(field: str, allowed: range) -> list[int]:
    return sorted({number for term in field.split(",") for number in _term(term, allowed)})


def _term(term: str, allowed: range) -> Iterator[int]:
    """One of a list: `5`, `5/10` (to the end), `10-40/15`, `*/7`, `/15`, `22-2` (over the end), `FRI-MON`."""
    found = _TERM.fullmatch(term)
    if not term or found is None or (found["last"] and not found["first"]):
        raise _Unknown(term)
    step = int(found["step"] or 1)
    if step == 0 or (found["step"] and re.search("[A-Z]", term)):  # Quartz takes no notice of a step after names
        raise _Unknown(term)
    first, last = found["first"], found["last"]
    if first in (None, "*"):
        if last or not (found["step"] or first):
            raise _Unknown(term)
        yield from allowed[::step]
        return
    start = _number(first, allowed)
    end = _number(last, allowed) if last else (allowed[-1] if found["step"] else start)
    size = len(allowed)
    length = (end - start) % size if last else end - start
    for offset in range(0, length + 1, step):
        yield allowed[(start - allowed[0] + offset) % size]


def _number(text: str, allowed: range) -> int:
    number = int(text) if text.isdigit() else _named(text, allowed)
    if number not in allowed:
        raise _Unknown(text)
    return number


def _named(text: str, allowed: range) -> int:
    names = {range(1, 8): _DAYS, range(1, 13): _MONTHS}.get(allowed, ())
    if text not in names:
        raise _Unknown(text)
    return _NAMES[text]


def _zone(name: str) -> tzinfo:
    """Java's own `GMT+8` is read too; its three-letter names and unknown ones are not: it would take them for something else."""
    found = _OFFSET.fullmatch(name)
    if found:
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        return timezone(-offset if found["sign"] == "-" else offset)
    if name not in ("UTC", "GMT") and "/" not in name:
        raise _Unknown(name)
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise _Unknown(name) from error
