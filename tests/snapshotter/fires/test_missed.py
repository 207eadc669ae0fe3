"""Fires a publish has swallowed are named, held against the runs DolphinScheduler made; those that ran are not."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from dolphin.client import DolphinClient
from dolphin.observe import observe
from snapshotter.choices import FireState, Online, ScheduleChoice, SyncState
from snapshotter.fires.look_for_runs import look_for_runs
from snapshotter.fires.missed import name_missed
from snapshotter.models import MissedFire
from tests.definitions.documents import SCHEDULE

EVERY_SECOND = "* * * * * ? *"


@pytest.fixture
def busy(run_publish, make_definition):
    """A workflow that fires every second."""
    body = make_definition(schedule={**SCHEDULE, "crontab": EVERY_SECOND, "releaseState": "ONLINE"})
    return run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)


def look_again():
    MissedFire.objects.exclude(look_at=None).update(look_at=timezone.now() - timedelta(seconds=1))
    return look_for_runs()


def ran(dolphin):
    return {run["scheduleTime"] for run in dolphin.state.instances if run["scheduleTime"]}


def wait_for_a_run_after(dolphin, moment):
    """The sandbox looks every half second; until it has looked past the moment, a run may still come."""
    deadline = datetime.now().timestamp() + 30
    while not any(time > moment for time in ran(dolphin)):
        assert datetime.now().timestamp() < deadline


def test_every_lost_fire_is_named_and_none_that_ran(busy, run_publish, make_definition, dolphin):
    dolphin.fault("delay", method="PUT", seconds=3.5)
    sync = run_publish(make_definition("echo new"))
    assert sync.state == SyncState.SUCCEEDED
    sure = set(sync.missed_fires.filter(state=FireState.MISSED).values_list("dolphin_time", flat=True))
    assert sure, "a write of seconds swallows fires for sure"
    (window,) = sync.result["schedule_off"]
    last = max(sync.missed_fires.values_list("dolphin_time", flat=True))
    wait_for_a_run_after(dolphin, last)
    assert look_again() > 0
    fires = {fire.dolphin_time: fire.state for fire in sync.missed_fires.all()}
    lost = {time for time in fires if time not in ran(dolphin)}
    assert {time for time, state in fires.items() if state == FireState.MISSED} == lost
    assert {time for time, state in fires.items() if state == FireState.RAN} == set(fires) - lost
    seconds = (datetime.fromisoformat(window["to"]) - datetime.fromisoformat(window["from"])).total_seconds()
    assert 3.5 < seconds < 60
    sync.refresh_from_db()
    assert len(sync.result["missed_fires"]) == len(lost)
    assert sync.result["unsure_fires"] == []


def test_the_trail_says_it(busy, run_publish, make_definition, dolphin):
    dolphin.fault("delay", method="PUT", seconds=1.5)
    sync = run_publish(make_definition("echo new"))
    look_again()
    told = [fire for entry in AuditEntry.objects.filter(event="fire.missed") for fire in entry.additional_data["fires"]]
    sync.refresh_from_db()
    assert sorted(told) == sorted(set(told)) == sync.result["missed_fires"]


def test_naming_again_names_nothing_twice(busy, run_publish, make_definition, dolphin):
    """A worker that died before the sync's end is followed by one that names again."""
    dolphin.fault("delay", method="PUT", seconds=1.5)
    sync = run_publish(make_definition("echo new"))
    fires = list(sync.missed_fires.values_list("due_at", "state"))
    with DolphinClient(dolphin.url, dolphin.token) as client:
        live = observe(client, dolphin.project, sync.workflow.workflow_code)
        name_missed(sync, client, live)
        name_missed(sync, client, live)
    assert set(fires) <= set(sync.missed_fires.values_list("due_at", "state"))
    look_again()
    told = [fire for entry in AuditEntry.objects.filter(event="fire.missed") for fire in entry.additional_data["fires"]]
    assert len(told) == len(set(told))


def test_a_failed_publish_names_its_fires_too(busy, run_publish, make_definition, dolphin):
    dolphin.fault("delay", method="PUT", seconds=1.5)
    sync = run_publish(make_definition("echo 😀"))
    assert (sync.state, sync.snapshot.live_effect) == (SyncState.FAILED, "restored")
    assert sync.missed_fires.exists()
    assert sync.result["failed"]["step"] == "write"


def test_a_schedule_that_was_off_or_fires_seldom_has_lost_nothing(run_publish, make_definition):
    run_publish(make_definition(schedule=SCHEDULE), schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)
    sync = run_publish(make_definition("echo new"))
    assert sync.state == SyncState.SUCCEEDED
    assert (MissedFire.objects.count(), "missed_fires" in sync.result) == (0, False)


def test_an_ordinary_publish_asks_for_no_runs(run_publish, make_definition, dolphin):
    body = make_definition(schedule={**SCHEDULE, "releaseState": "ONLINE"})
    run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)
    run_publish(make_definition("echo new"))
    assert not [call for call in dolphin.log if "process-instances" in call.path]


def test_runs_that_cannot_be_read_change_nothing(busy, run_publish, make_definition, dolphin):
    dolphin.fault("delay", method="PUT", seconds=1.5)
    dolphin.fault("status", method="GET", path="process-instances", status=500)
    sync = run_publish(make_definition("echo new"))
    assert sync.state == SyncState.SUCCEEDED
    assert sync.missed_fires.exists()


def test_more_fires_than_are_named_are_counted(busy, run_publish, make_definition, dolphin, monkeypatch):
    monkeypatch.setattr("snapshotter.fires.fires.MOST", 2)
    dolphin.fault("delay", method="PUT", seconds=1.5)
    sync = run_publish(make_definition("echo new"))
    assert sync.missed_fires.count() <= 2
    assert sync.result["fires_beyond_the_list"] >= 1
