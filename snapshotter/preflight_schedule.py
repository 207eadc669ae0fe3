"""The schedule: its expression as DolphinScheduler judges it, and an end that has not passed."""

import json
from collections.abc import Iterator
from datetime import datetime

from definitions.cron import Cron
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from snapshotter.preflight_parts import Change, Problem


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
        text = (
            f"DolphinScheduler does not take the schedule {schedule.get('crontab')!r} ({error.dolphin_code}). Mend it."
        )
        yield Problem("cron_invalid", text, "schedule")


def _end(schedule: dict[str, object], now: datetime, *, is_blocking: bool) -> Iterator[Problem]:
    cron = Cron.of(schedule)
    if cron is None:
        text = "When this schedule fires can't be reckoned here: fires that a publish swallows will not be named."
        yield Problem("fires_unknown", text, "schedule", is_blocking=False)
    elif cron.end <= now.astimezone(cron.zone).replace(tzinfo=None):
        text = f"The schedule ended at {schedule.get('endTime')}: it will never fire. Give a later end."
        yield Problem("schedule_ended", text, "schedule", is_blocking=is_blocking)
