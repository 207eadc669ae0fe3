"""Looking again: whether DolphinScheduler made the run of a fire that may have been missed, or of one that was to be started.

Called by the sweep and the embedded worker. Reads DolphinScheduler only; safe to run by several at once.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from catalog.clients import client_for
from catalog.errors import ServiceError
from catalog.models import Workflow
from definitions.cron import STAMP
from dolphin.errors import DolphinError
from snapshotter.choices import FireState
from snapshotter.fires.missed import note_missed
from snapshotter.models import MissedFire

logger = logging.getLogger(__name__)

_AGAIN: Final = timedelta(seconds=60)
_GIVEN_UP: Final = timedelta(hours=1)  # after the fire was due, or its start asked for
_AT_ONCE: Final = 200
_MARGIN: Final = timedelta(minutes=1)


def look_for_runs() -> int:
    """Settle what is due to be looked at; return how many were looked at."""
    due = list(MissedFire.objects.to_look_at().select_related("workflow__project__instance")[:_AT_ONCE])
    groups: dict[Workflow, list[MissedFire]] = defaultdict(list)
    for fire in due:
        groups[fire.workflow].append(fire)
    for workflow, fires in groups.items():
        mine = [fire for fire in fires if _take(fire)]
        if mine:
            _look(workflow, mine)
    return len(due)


def _take(fire: MissedFire) -> bool:
    """Make the look ours; if we die over it, it is due again a minute later."""
    moved = MissedFire.objects.filter(pk=fire.pk, look_at=fire.look_at).update(look_at=timezone.now() + _AGAIN)
    return moved == 1


def runs_of(workflow: Workflow, fires: list[MissedFire]) -> set[str]:
    """Return the schedule times of the workflow's runs since the first of these fires. Raises DolphinError, ServiceError."""
    first = min(fire.dolphin_time for fire in fires)
    since = (datetime.strptime(first, STAMP) - _MARGIN).strftime(STAMP)
    with client_for(workflow.project.instance) as client:
        return client.scheduled_runs(workflow.project.code, workflow.workflow_code or 0, since)


def _look(workflow: Workflow, fires: list[MissedFire]) -> None:
    try:
        ran = runs_of(workflow, fires)
    except (DolphinError, ServiceError) as error:
        logger.warning("workflow=%s runs can't be read: %s", workflow.key, error.code)
        _give_up(fires)
        return
    with transaction.atomic():
        for fire in fires:
            _settle(fire, fire.dolphin_time in ran)
        for sync in {fire.sync for fire in fires}:
            note_missed(sync)


def _settle(fire: MissedFire, ran: bool) -> None:
    if fire.state == FireState.UNSURE:
        _move(fire, FireState.RAN if ran else FireState.MISSED, last=True)
    elif ran:
        _move(fire, FireState.STARTED, last=True)
    else:  # whether it was started is not known: never asked for again, only looked for
        _move(fire, FireState.UNKNOWN, last=_is_old(fire))


def _move(fire: MissedFire, state: FireState, *, last: bool) -> None:
    values = {"look_at": None} if last else {}
    MissedFire.objects.filter(pk=fire.pk, state=fire.state).update(state=state, **values)


def _is_old(fire: MissedFire) -> bool:
    return timezone.now() - max(fire.due_at, fire.started_at or fire.due_at) > _GIVEN_UP


def _give_up(fires: list[MissedFire]) -> None:
    """What can't be settled within the hour stays as it is said: unsure, or not known."""
    old = [fire.pk for fire in fires if _is_old(fire)]
    MissedFire.objects.filter(pk__in=old).update(look_at=None)
