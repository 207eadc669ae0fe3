"""What is called published is what was live at the proof, schedule included; and a DolphinScheduler without effect ends the sync."""

import json

import pytest
from django.utils import timezone

from snapshotter.choices import LiveEffect, LiveState, Online, ScheduleChoice, Status, SyncState
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.put_back import put_back
from snapshotter.retry import retry
from snapshotter.store import document_of
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE
from tests.services.raw_dolphin import schedule_times

LATER = "0 0 7 * * ? *"


@pytest.fixture
def scheduled(run_publish, make_definition):
    body = make_definition(schedule={**SCHEDULE, "releaseState": "ONLINE"})
    return run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)


@pytest.fixture
def change_schedule(raw, scheduled):
    """Somebody gives the schedule other times in DolphinScheduler."""
    project, code = scheduled.workflow.project.code, scheduled.workflow.workflow_code

    def change(*, online: bool = True) -> None:
        (row,) = raw.schedules(project, code)
        path = f"/projects/{project}/schedules/{row['id']}"
        if row["releaseState"] == "ONLINE":
            raw.data("POST", f"{path}/offline")
        kept = ("warningType", "warningGroupId", "failureStrategy", "processInstancePriority", "workerGroup")
        form = {name: row[name] for name in kept} | {"schedule": json.dumps(schedule_times(LATER))}
        raw.data("PUT", path, **form)
        if online:
            raw.data("POST", f"{path}/online")

    return change


def crontab(raw, sync):
    (row,) = raw.schedules(sync.workflow.project.code, sync.workflow.workflow_code)
    return row["crontab"], row["releaseState"]


def holds(raw, sync):
    """Whether the published version says what is live."""
    published = WorkflowState.objects.select_related("published").get().published
    return document_of(published).schedule["crontab"] == crontab(raw, sync)[0]


def test_putting_back_brings_the_schedule_back_too(scheduled, change_schedule, raw, publisher):
    change_schedule()
    sync = put_back(scheduled.workflow, actor=publisher, reason="drift")
    run_due()
    sync.refresh_from_db()
    assert (sync.state, crontab(raw, sync)) == (SyncState.SUCCEEDED, (SCHEDULE["crontab"], "ONLINE"))
    assert holds(raw, sync)


def test_a_forced_retry_records_the_schedule_it_kept(
    scheduled, change_schedule, run_publish, make_definition, raw, publisher
):
    change_schedule()
    failed = run_publish(make_definition("echo new"))
    assert failed.error_code == "live_changed"
    sync = retry(failed.snapshot, actor=publisher, force_reason="theirs stays")
    run_due()
    sync.refresh_from_db()
    assert (sync.state, crontab(raw, sync)) == (SyncState.SUCCEEDED, (LATER, "ONLINE"))
    assert holds(raw, sync)


def test_a_schedule_changed_in_the_middle_is_not_overwritten(
    scheduled, change_schedule, run_publish, make_definition, raw, dolphin
):
    dolphin.fault("cut", method="PUT", path="process-definition")
    sync = run_publish(make_definition("echo new"))
    assert sync.state == SyncState.WAITING
    change_schedule(online=False)
    _settle(sync)
    run_due()
    sync.refresh_from_db()
    assert (sync.state, sync.error_code) == (SyncState.FAILED, "live_changed")
    assert crontab(raw, sync) == (LATER, "ONLINE")
    project, code = sync.workflow.project.code, sync.workflow.workflow_code
    assert raw.definition(project, code)["processDefinition"]["releaseState"] == "ONLINE"


def test_a_write_that_never_gets_an_answer_is_not_sent_for_ever(scheduled, run_publish, make_definition, raw, dolphin):
    dolphin.fault("cut", method="PUT", path="process-definition", times=1_000)
    sync = run_publish(make_definition("echo new"))
    for _ in range(8):
        _settle(sync)
        run_due()
    sync.refresh_from_db()
    assert (sync.state, sync.error_code) == (SyncState.FAILED, "dolphin_unknown_outcome")
    assert Snapshot.objects.get(version=2).live_effect == LiveEffect.RESTORED
    assert crontab(raw, sync) == (SCHEDULE["crontab"], "ONLINE")


def test_a_write_that_is_taken_without_effect_is_no_success_and_not_repeated(
    scheduled, run_publish, make_definition, raw, dolphin
):
    body = make_definition()
    next(iter(body["definitions"]["tasks"].values()))["unknownToDolphin"] = "x"
    sync = run_publish(body)
    assert (sync.state, sync.error_code) == (SyncState.FAILED, "not_equal")
    assert sync.steps.filter(action="write").count() == 1
    assert crontab(raw, sync) == (SCHEDULE["crontab"], "ONLINE")
    assert (Snapshot.objects.get(version=2).status, WorkflowState.objects.get().lock_id) == (Status.FAILED, None)
    assert WorkflowState.objects.get().live_state == LiveState.IN_SYNC


def _settle(sync):
    past = timezone.now() - timezone.timedelta(hours=1)
    Sync.objects.filter(pk=sync.pk).exclude(due_at=None).update(due_at=past)
    sync.steps.filter(answered_at=None).update(sent_at=past)
