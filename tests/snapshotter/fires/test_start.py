"""Starting the run of a missed fire: for its own time, once, by who may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import NotAllowed, NotFound
from dolphin.errors import DolphinRejected, DolphinUnknownOutcome
from snapshotter.choices import FireState, Online, ScheduleChoice
from snapshotter.errors import FireNotStartable
from snapshotter.fires.look_for_runs import look_for_runs
from snapshotter.fires.start import start_fire
from snapshotter.models import MissedFire
from tests.definitions.documents import SCHEDULE

DUE = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def fire(run_publish, make_definition):
    """A missed fire of a workflow that is online."""
    body = make_definition(schedule={**SCHEDULE, "releaseState": "ONLINE", "failureStrategy": "END"})
    sync = run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)
    return MissedFire.objects.create(
        workflow=sync.workflow, sync=sync, due_at=DUE, state=FireState.MISSED, dolphin_time="2026-03-01 03:00:00"
    )


def runs(dolphin):
    return [(run["commandType"], run["scheduleTime"]) for run in dolphin.state.instances]


def test_the_run_is_started_for_its_time_once(fire, publisher, dolphin):
    start_fire(fire, actor=publisher)
    fire.refresh_from_db()
    assert (fire.state, fire.started_by_name, fire.look_at) == (FireState.STARTED, "publisher", None)
    assert runs(dolphin) == [("COMPLEMENT_DATA", "2026-03-01 03:00:00")]
    with pytest.raises(FireNotStartable):
        start_fire(fire, actor=publisher)
    assert len(runs(dolphin)) == 1
    entry = AuditEntry.objects.get(event="fire.started")
    assert (entry.outcome, entry.actor_name, entry.additional_data["sync"]) == ("ok", "publisher", fire.sync_id)


@pytest.mark.mysql
@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_eight_who_press_at_once_start_one_run(fire, publisher, dolphin):
    def press(_):
        try:
            start_fire(MissedFire.objects.select_related("workflow__project__instance", "sync").get(), actor=publisher)
        except FireNotStartable:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(press, range(8))) == 1
    assert len(runs(dolphin)) == 1
    assert AuditEntry.objects.filter(event="fire.started").count() == 1


def test_who_may_not(fire, viewer, outsider, dolphin):
    with pytest.raises(NotAllowed):
        start_fire(fire, actor=viewer)
    with pytest.raises(NotFound):
        start_fire(fire, actor=outsider)
    assert (runs(dolphin), AuditEntry.objects.filter(event="fire.refused").count()) == ([], 2)


def test_a_run_that_exists_is_not_made_twice(fire, publisher, dolphin):
    code = fire.workflow.workflow_code
    row = {"id": 1, "processDefinitionCode": code, "projectCode": dolphin.project, "commandType": "SCHEDULER"}
    dolphin.state.instances.append({**row, "scheduleTime": fire.dolphin_time, "startTime": "2026-03-01 03:00:01"})
    with pytest.raises(FireNotStartable, match="meanwhile"):
        start_fire(fire, actor=publisher)
    fire.refresh_from_db()
    assert (fire.state, len(runs(dolphin))) == (FireState.RAN, 1)


def test_a_refusal_leaves_it_to_be_tried_again(fire, publisher, dolphin):
    dolphin.state.definitions[fire.workflow.workflow_code][0]["releaseState"] = "OFFLINE"
    with pytest.raises(DolphinRejected):
        start_fire(fire, actor=publisher)
    fire.refresh_from_db()
    assert (fire.state, "50004" in fire.text) == (FireState.MISSED, True)
    assert AuditEntry.objects.get(event="fire.started").outcome == "failed"
    dolphin.state.definitions[fire.workflow.workflow_code][0]["releaseState"] = "ONLINE"
    start_fire(fire, actor=publisher)
    assert len(runs(dolphin)) == 1


@pytest.mark.parametrize("done", [True, False])
def test_an_answer_that_never_came_is_looked_for_and_never_asked_again(fire, publisher, dolphin, done):
    dolphin.fault("cut", method="POST", path="start-process-instance", after=done)
    with pytest.raises(DolphinUnknownOutcome):
        start_fire(fire, actor=publisher)
    fire.refresh_from_db()
    assert fire.state == FireState.UNKNOWN
    with pytest.raises(FireNotStartable):
        start_fire(fire, actor=publisher)
    MissedFire.objects.update(look_at=timezone.now() - timedelta(seconds=1))
    look_for_runs()
    fire.refresh_from_db()
    assert (fire.state, len(runs(dolphin))) == (FireState.STARTED, 1) if done else (FireState.UNKNOWN, 0)


def test_one_that_died_while_starting_is_looked_for(fire, dolphin):
    MissedFire.objects.update(state=FireState.STARTING, look_at=timezone.now() - timedelta(seconds=1))
    look_for_runs()
    fire.refresh_from_db()
    assert fire.state == FireState.UNKNOWN


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.RECORD])
def test_a_project_that_is_not_written_starts_nothing(fire, publisher, dolphin, mode):
    fire.workflow.project.mode = mode
    with pytest.raises(FireNotStartable):
        start_fire(fire, actor=publisher)
    assert runs(dolphin) == []


def test_without_dolphins_time_it_is_not_guessed(fire, publisher, dolphin):
    fire.dolphin_time = ""
    assert not fire.can_be_started
    with pytest.raises(FireNotStartable, match="zone"):
        start_fire(fire, actor=publisher)
    fire.refresh_from_db()
    assert fire.state == FireState.MISSED
