"""Naming the fires a sync has swallowed. Called just before the sync ends, so that whoever sees the end sees them too.

DolphinScheduler never makes such a fire up. Where clocks and calls leave it open whether one was lost, its own runs decide: now, and once
more a while later, since a run appears some seconds after its fire.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import Outcome
from audit.record import record
from dolphin.client import DolphinClient
from dolphin.errors import DolphinError
from dolphin.observe import Observation
from dolphin.shape import expected
from snapshotter.choices import FireState
from snapshotter.fires.fires import (
    Fire,
    Swallowed,
    dolphin_zone,
    fired,
    in_dolphins_words,
    schedule_changed_at,
    swallowed,
    targets,
)
from snapshotter.fires.off_time import TimeOff, spans
from snapshotter.models import MissedFire, Sync

logger = logging.getLogger(__name__)

LOOK_AFTER: Final = timedelta(seconds=20)  # a run appears some seconds after its fire
_MARGIN: Final = timedelta(minutes=1)


def name_missed(sync: Sync, client: DolphinClient, live: Observation) -> None:
    """Keep what this sync's times off have swallowed with the sync. Safe to repeat; never fails for what DolphinScheduler does."""
    before, after = targets(sync)
    if not fired(before):
        return
    steps = list(sync.steps.order_by("number"))
    clock = client.transport.clock
    found = _Found()
    for span in spans(steps, timezone.now()):
        off = TimeOff.of(*span, clock)
        found.add(off, swallowed(before, after, off, schedule_changed_at(steps, span)))
    if found.fires or found.unknown:
        _keep(sync, client, found, dolphin_zone(live, steps))


@dataclass(slots=True)
class _Found:
    """Over all times off: `fires` of `count`, which may be more."""

    fires: list[Fire] = field(default_factory=list)
    windows: list[TimeOff] = field(default_factory=list)
    count: int = 0
    unknown: bool = False

    def add(self, off: TimeOff, part: Swallowed) -> None:
        self.windows.append(off)
        self.fires += part.fires
        self.count += part.count
        self.unknown |= part.unknown


def _keep(sync: Sync, client: DolphinClient, found: _Found, ahead: timedelta | None) -> None:
    lost = _without_those_that_ran(sync, client, found.fires, ahead) if found.fires else []
    with transaction.atomic():
        for fire in lost:
            MissedFire.objects.get_or_create(
                workflow=sync.workflow,
                due_at=fire.at,
                defaults={
                    "sync": sync,
                    "state": FireState.MISSED if fire.sure else FireState.UNSURE,
                    "dolphin_time": in_dolphins_words(fire.at, ahead),
                    "look_at": None if fire.sure or ahead is None else timezone.now() + LOOK_AFTER,
                },
            )
        sync.result = {
            **sync.result,
            "schedule_off": [_window(off) for off in found.windows],
            "fires_unknown": found.unknown,
            "fires_beyond_the_list": max(0, found.count - len(found.fires)),
        }
        note_missed(sync)


def _window(off: TimeOff) -> dict[str, str]:
    return {"from": off.first.isoformat(), "to": off.last.isoformat()}


def _without_those_that_ran(
    sync: Sync, client: DolphinClient, fires: list[Fire], ahead: timedelta | None
) -> list[Fire]:
    code = sync.workflow.workflow_code
    if code is None or ahead is None:
        return fires
    since = in_dolphins_words(min(fire.at for fire in fires) - _MARGIN, ahead)
    try:
        with expected():
            ran = client.scheduled_runs(sync.workflow.project.code, code, since)
    except DolphinError as error:
        logger.warning("sync=%s runs can't be read: %s", sync.pk, error.code)
        return fires
    return [fire for fire in fires if in_dolphins_words(fire.at, ahead) not in ran]


def note_missed(sync: Sync) -> None:
    """Bring the sync's own list up to date, and write the trail for what is newly sure. Call inside a transaction."""
    rows = list(sync.missed_fires.named().order_by("due_at").values_list("due_at", "state"))
    sure = [_text(due_at) for due_at, state in rows if state != FireState.UNSURE]
    new = [text for text in sure if text not in sync.result.get("missed_fires", [])]
    sync.result = {
        **sync.result,
        "missed_fires": sure,
        "unsure_fires": [_text(due_at) for due_at, state in rows if state == FireState.UNSURE],
    }
    Sync.objects.filter(pk=sync.pk, attempt=sync.attempt).update(result=sync.result)
    if new:
        record(
            "fire.missed",
            actor=SYSTEM,
            target=sync.workflow,
            scope=sync.workflow.project.scope,
            outcome=Outcome.FAILED,
            reason=f"the schedule was off at {', '.join(new[:20])}",
            detail={"sync": sync.pk, "fires": new},
        )


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
