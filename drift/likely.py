"""Who did it and when, as far as DolphinScheduler tells: the latest operator and time of a definition, the time of a schedule.

It does not tell who switched a version or a release state, nor who deleted: these leave no name and no time in 3.1. Its dates have no zone.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from drift.choices import Kind
from drift.judge import Judgement

Json = dict[str, Any]

_STAMP: Final = "%Y-%m-%d %H:%M:%S"
_SAVED: Final = {Kind.CONTENT, Kind.RENAMED, Kind.LAYOUT}
_ZONES: Final = [timedelta(minutes=30 * step) for step in range(-24, 29)]  # -12:00 to +14:00
_SLACK: Final = timedelta(seconds=30)  # between two clocks, and of seconds that are cut


@dataclass(frozen=True, slots=True)
class Likely:
    """`name` of DolphinScheduler's user, "" unknown; `told`: the moment in its own words; `at` None where its zone can't be told."""

    name: str = ""
    told: str = ""
    at: datetime | None = None


UNKNOWN: Final = Likely()


def likely(
    judgement: Judgement, row: Json | None, schedule_row: Json | None, *, earliest: datetime | None, latest: datetime
) -> Likely:
    """`row` is of the workflows' list, `schedule_row` of the schedules'; it was done between `earliest` and `latest`."""
    kinds = set(judgement.kinds)
    if kinds & _SAVED and Kind.VERSION_SWITCHED not in kinds and row is not None:
        return _made(row.get("modifyBy"), row.get("updateTime"), earliest, latest)
    if Kind.SCHEDULE in kinds and schedule_row is not None:
        # Its user is who made it; who changes it later is not kept.
        is_new = schedule_row.get("createTime") == schedule_row.get("updateTime")
        return _made(schedule_row.get("userName") if is_new else "", schedule_row.get("updateTime"), earliest, latest)
    return UNKNOWN


def _made(name: object, told: object, earliest: datetime | None, latest: datetime) -> Likely:
    text = str(told or "")[:19].replace("T", " ")
    return Likely(str(name or "")[:190], text, moment(text, earliest, latest))


def moment(told: str, earliest: datetime | None, latest: datetime) -> datetime | None:
    """Return the moment a date without a zone stands for; None unless exactly one zone puts it between the two bounds."""
    try:
        shown = datetime.strptime(told, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    if earliest is None:
        return None
    fitting = [shown - ahead for ahead in _ZONES if earliest - _SLACK <= shown - ahead <= latest + _SLACK]
    return fitting[0] if len(fitting) == 1 else None
