"""The schedule: its expression as DolphinScheduler judges it, and an end that has not passed."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from definitions.cron import Cron
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from snapshotter.preflight.parts import Change, Problem

_BAD_CRON: Final = frozenset({10001, 10024, 10140})


def schedule_problems(change: Change, client: DolphinClient, project: int, now: datetime) -> Iterator[Problem]:
    """Asks DolphinScheduler only about a schedule that will be written."""
    if change.schedule is not None:
        yield from _cron(change.schedule, client, project)
        yield from _end(change.schedule, now, is_blocking=True)
    elif change.kept_schedule is not None:
        yield from _end(change.kept_schedule, now, is_blocking=False)


def _cron(schedule: dict[str, object], client: DolphinClient, project: int) -> Iterator[Problem]:
    times = {key: schedule.get(key) for key in ("startTime", "endTime", "crontab", "timezoneId")}
    try:
        client.preview(project, json.dumps(times))
    except DolphinRejected as error:
        if error.dolphin_code in _BAD_CRON:
            yield Problem("cron_invalid", {"crontab": str(schedule.get("crontab")), "code": error.dolphin_code or 0})
        else:  # 2.0.5 can't show a preview of a schedule with a year, but takes it
            yield Problem("not_checked", {"list": "schedule"}, is_blocking=False)


def _end(schedule: dict[str, object], now: datetime, *, is_blocking: bool) -> Iterator[Problem]:
    cron = Cron.of(schedule)
    if cron is None:
        yield Problem("fires_unknown", is_blocking=False)
    elif cron.end <= now.astimezone(cron.zone).replace(tzinfo=None):
        yield Problem("schedule_ended", {"end": str(schedule.get("endTime"))}, is_blocking=is_blocking)
