"""When the schedules of a page's workflows fire next, by their published versions: all read at once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from snapshotter.errors import ContentDamaged
from snapshotter.models import WorkflowState
from snapshotter.store import get_blobs
from versions.fires_ahead import fires_ahead


@dataclass(frozen=True, slots=True)
class NextFire:
    """`cron` and `zone` as DolphinScheduler has them; `at` None: it fires no more, or, where not `is_known`, nobody can tell."""

    cron: str
    zone: str
    is_known: bool
    at: datetime | None


def next_fires(states: Iterable[WorkflowState]) -> dict[int, NextFire]:
    """Return {workflow id: its next fire} of those whose schedule is on. One query for all; `published` must be at hand."""
    on = [state for state in states if state.expected_schedule_online and state.expected_online]
    wanted = {state.workflow_id: state.published.schedule_id if state.published else None for state in on}
    blobs = _read({identifier for identifier in wanted.values() if identifier is not None})
    now = timezone.now()
    return {workflow: _next(blobs.get(identifier), now) for workflow, identifier in wanted.items()}


def _next(schedule: dict[str, Any] | None, now: datetime) -> NextFire:
    if schedule is None:
        return NextFire("", "", False, None)
    ahead = fires_ahead(schedule, count=1, now=now)
    at = ahead.times[0].astimezone(UTC) if ahead.times else None
    return NextFire(str(schedule.get("crontab", "")), str(schedule.get("timezoneId") or "UTC"), ahead.is_known, at)


def _read(identifiers: set[int]) -> dict[int | None, dict[str, Any]]:
    """Return {blob id: schedule}. One that is damaged is left out; then each is read by itself, so that it spoils no other."""
    try:
        blobs = get_blobs(identifiers)
    except ContentDamaged:
        if len(identifiers) == 1:
            return {}
        return {key: value for identifier in identifiers for key, value in _read({identifier}).items()}
    found = {identifier: json.loads(piece) for identifier, piece in blobs.items()}
    return {identifier: schedule for identifier, schedule in found.items() if isinstance(schedule, dict)}
