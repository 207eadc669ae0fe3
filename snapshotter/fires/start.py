"""Start the run of a missed fire, for its own schedule time. At most once a fire: whoever moves it to `starting` is the only one to ask."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor, user_of
from audit.models import Outcome
from audit.record import record
from catalog.choices import Mode
from catalog.clients import client_for, may_write
from catalog.deployment import mode_of
from catalog.errors import ServiceError
from catalog.permissions import PUBLISH, require
from definitions import normalise
from definitions.secrets import mask_text
from dolphin.client import DolphinClient
from dolphin.errors import DolphinError, DolphinUnknownOutcome
from dolphin.forms import start_form
from snapshotter.choices import FireState
from snapshotter.errors import FireNotStartable, UnprovenFlavour
from snapshotter.fires.fires import targets
from snapshotter.fires.look_for_runs import runs_of
from snapshotter.fires.missed import LOOK_AFTER, note_missed
from snapshotter.models import MissedFire

EVENT = "fire.started"


def start_fire(fire: MissedFire, *, actor: Actor) -> MissedFire:
    """Ask DolphinScheduler for the run. Raises NotAllowed, NotFound, FireNotStartable, UnprovenFlavour, DolphinError."""
    project = fire.workflow.project
    require(actor, PUBLISH, project, event="fire.refused")
    if mode_of(project) != Mode.PUBLISH:
        raise FireNotStartable(_("The project is not in publish mode: nothing is written to its DolphinScheduler."))
    if not may_write(project.instance):
        raise UnprovenFlavour(flavour=project.instance.flavour)
    if not fire.dolphin_time:
        raise FireNotStartable(_("DolphinScheduler's time zone could not be told. Start the run there."))
    _claim(fire, actor)
    try:
        _start(fire, actor)
    except DolphinUnknownOutcome as error:
        _leave(fire, actor, FireState.UNKNOWN, str(error))
        raise
    except (DolphinError, ServiceError) as error:
        _leave(fire, actor, FireState.MISSED, str(error))
        raise
    return fire


def _claim(fire: MissedFire, actor: Actor) -> None:
    now = timezone.now()
    claimed = (
        MissedFire.objects.open()
        .filter(pk=fire.pk)
        .update(
            state=FireState.STARTING,
            started_by=user_of(actor),
            started_by_name=str(actor),
            started_at=now,
            look_at=now + LOOK_AFTER + _longest_call(),
            text="",
        )
    )
    fire.refresh_from_db()
    if claimed != 1:
        raise FireNotStartable(state=fire.state)


def _start(fire: MissedFire, actor: Actor) -> None:
    """Look first: a run that exists, whoever started it, is not made twice."""
    if fire.dolphin_time in runs_of(fire.workflow, [fire]):
        _leave(fire, actor, FireState.RAN, "")
        raise FireNotStartable(_("DolphinScheduler has made this run meanwhile."), state=FireState.RAN)
    with client_for(fire.workflow.project.instance) as client:
        _ask(client, fire)
    _leave(fire, actor, FireState.STARTED, "")


def _ask(client: DolphinClient, fire: MissedFire) -> None:
    project, code = fire.workflow.project.code, fire.workflow.workflow_code
    if code is None or not client.flavour.starts_for_a_time:
        raise FireNotStartable(_("This DolphinScheduler can't be asked for a schedule time. Start the run there."))
    rows = client.schedules(project, code)
    before, _after = targets(fire.sync)
    schedule = normalise.schedule(rows[0]) if rows else before.schedule or {}
    client.start_run(project, start_form(schedule, flavour=client.flavour, workflow_code=code, time=fire.dolphin_time))


def _leave(fire: MissedFire, actor: Actor, state: FireState, text: str) -> None:
    """Move the fire on from `starting`, with its audit row. What is not known keeps being looked for."""
    look_at = {} if state == FireState.UNKNOWN else {"look_at": None}
    with transaction.atomic():
        moved = MissedFire.objects.filter(pk=fire.pk, state=FireState.STARTING).update(
            state=state, text=mask_text(text), **look_at
        )
        if moved != 1:
            return
        note_missed(fire.sync)
        record(
            EVENT,
            actor=actor,
            target=fire.workflow,
            scope=fire.workflow.project.scope,
            outcome=Outcome.OK if state == FireState.STARTED else Outcome.FAILED,
            reason=mask_text(text) or state.value,
            detail={"sync": fire.sync_id, "fire": fire.due_at.isoformat()},
        )


def _longest_call() -> timedelta:
    """A start that is still under way is not looked for."""
    own = settings.SNAPSHOTTER
    return timedelta(seconds=3 * (own["CONNECT_TIMEOUT"] + own["READ_TIMEOUT"]))
