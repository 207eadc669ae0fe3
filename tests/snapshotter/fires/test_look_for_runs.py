"""Looking again for the runs of unsure fires: settled by what DolphinScheduler shows, once, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from snapshotter.choices import FireState
from snapshotter.fires.look_for_runs import look_for_runs
from snapshotter.models import MissedFire, Sync


@pytest.fixture
def unsure(run_publish, make_definition):
    """Two unsure fires of one workflow, due to be looked at."""
    sync = run_publish(make_definition())
    now = datetime.now(UTC).replace(microsecond=0)
    return [
        MissedFire.objects.create(
            workflow=sync.workflow,
            sync=sync,
            due_at=now - timedelta(minutes=minutes),
            state=FireState.UNSURE,
            dolphin_time=f"{now - timedelta(minutes=minutes):%Y-%m-%d %H:%M:%S}",
            look_at=timezone.now() - timedelta(seconds=1),
        )
        for minutes in (2, 1)
    ]


def states():
    return list(MissedFire.objects.order_by("due_at").values_list("state", flat=True))


def make_run(dolphin, fire):
    row = {"id": 1, "processDefinitionCode": fire.workflow.workflow_code, "projectCode": dolphin.project}
    dolphin.state.instances.append(
        {**row, "commandType": "SCHEDULER", "scheduleTime": fire.dolphin_time, "startTime": fire.dolphin_time}
    )


def test_a_run_that_is_there_settles_it_and_one_that_is_not_too(unsure, dolphin):
    make_run(dolphin, unsure[0])
    assert look_for_runs() == 2
    assert states() == [FireState.RAN, FireState.MISSED]
    assert look_for_runs() == 0
    assert Sync.objects.get().result["missed_fires"] == [unsure[1].due_at.isoformat().replace("+00:00", "Z")]
    (entry,) = AuditEntry.objects.filter(event="fire.missed")
    assert entry.additional_data["fires"] == Sync.objects.get().result["missed_fires"]


def test_one_workflow_costs_one_look(unsure, dolphin):
    dolphin.log.clear()
    look_for_runs()
    assert len([call for call in dolphin.log if "process-instances" in call.path]) == 1


def test_a_dolphin_that_is_away_is_asked_again_a_minute_later(unsure, dolphin):
    dolphin.fault("status", method="GET", path="process-instances", status=500)
    look_for_runs()
    assert states() == [FireState.UNSURE] * 2
    assert MissedFire.objects.first().look_at > timezone.now() + timedelta(seconds=30)
    assert look_for_runs() == 0


def test_it_is_not_asked_for_ever(unsure, dolphin):
    MissedFire.objects.filter(pk=unsure[0].pk).update(due_at=timezone.now() - timedelta(hours=2))
    dolphin.fault("status", method="GET", path="process-instances", status=500)
    look_for_runs()
    assert states() == [FireState.UNSURE] * 2
    assert MissedFire.objects.get(pk=unsure[0].pk).look_at is None


def test_an_instance_that_is_paused_is_left_alone(unsure, dolphin):
    instance = unsure[0].workflow.project.instance
    instance.paused_because = "token"
    instance.save()
    dolphin.log.clear()
    look_for_runs()
    assert (states(), dolphin.log) == ([FireState.UNSURE] * 2, [])
