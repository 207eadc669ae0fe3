"""Bringing DolphinScheduler to a snapshot, on the sandbox: the ordinary way, and what must not be called success."""

from itertools import pairwise

import pytest
from django.utils import timezone

from catalog.models import Instance, Workflow
from snapshotter.choices import LiveEffect, LiveState, Online, ScheduleChoice, Status, SyncState, Trigger
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE, c1
from tests.services.raw_dolphin import RawDolphin

WRITES = ("POST", "PUT", "DELETE")


@pytest.fixture
def raw(dolphin):
    return RawDolphin(dolphin.url, dolphin.token)


@pytest.fixture
def scheduled(run_publish, make_definition):
    """A workflow that is online with an online schedule, at version 1."""
    body = make_definition(schedule={**SCHEDULE, "releaseState": "ONLINE"})
    return run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)


def live(raw, sync):
    data = raw.definition(sync.workflow.project.code, sync.workflow.workflow_code)
    scripts = [
        task["taskParams"]["rawScript"] for task in sorted(data["taskDefinitionList"], key=lambda row: row["code"])
    ]
    (schedule,) = raw.schedules(sync.workflow.project.code, sync.workflow.workflow_code)
    return scripts, data["processDefinition"]["releaseState"], schedule["releaseState"]


def test_a_second_publish_leaves_everything_online_again(scheduled, run_publish, make_definition, raw):
    sync = run_publish(make_definition("echo new"))
    assert live(raw, sync) == (["echo new", "echo b", "echo c"], "ONLINE", "ONLINE")
    snapshot = sync.snapshot
    assert (sync.state, snapshot.status, snapshot.dolphin_version) == (SyncState.SUCCEEDED, Status.PUBLISHED, 2)
    assert snapshot.change_summary["tasks_modified"] == 1
    first = Snapshot.objects.get(version=1)
    assert first.live_to is not None and snapshot.live_to is None
    state = WorkflowState.objects.get()
    assert (state.published_id, state.lock_id, state.live_state) == (snapshot.pk, None, LiveState.IN_SYNC)


def test_the_journal_names_every_call(scheduled, run_publish, make_definition):
    sync = run_publish(make_definition("echo new"))
    writes = list(sync.steps.filter(is_write=True).values_list("action", "outcome"))
    assert writes == [(action, "ok") for action in ("take_offline", "write", "put_online", "put_schedule_online")]
    steps = list(sync.steps.values_list("is_write", flat=True))
    assert all(not (one and other) for one, other in pairwise(steps)), "a read between all writes"
    assert all(step.answered_at >= step.sent_at and step.reason for step in sync.steps.filter(is_write=True))


def test_somebodys_edit_is_not_overwritten(scheduled, run_publish, make_definition, raw):
    raw.edit(scheduled.workflow.project.code, scheduled.workflow.workflow_code, "echo theirs")
    sync = run_publish(make_definition("echo ours"))
    assert (sync.state, sync.error_code) == (SyncState.FAILED, "live_changed")
    assert sync.snapshot.live_effect == LiveEffect.UNTOUCHED
    assert live(raw, sync)[0][0] == "echo theirs"
    assert WorkflowState.objects.get().lock_id is None


def test_forced_it_is_kept_first(scheduled, run_publish, make_definition, raw):
    raw.edit(scheduled.workflow.project.code, scheduled.workflow.workflow_code, "echo theirs")
    sync = run_publish(make_definition("echo ours"), force_reason="agreed with them")
    assert sync.state == SyncState.SUCCEEDED
    kept = Snapshot.objects.get(trigger=Trigger.BEFORE_PUBLISH)
    assert (kept.version, kept.status, sync.snapshot.version) == (3, Status.PUBLISHED, 2)
    assert live(raw, sync)[0][0] == "echo ours"


def test_a_refused_write_ends_with_the_former_state_back(scheduled, run_publish, make_definition, raw):
    sync = run_publish(make_definition("echo 😀"))
    assert (sync.state, sync.error_code) == (SyncState.FAILED, "dolphin_10107")
    assert (sync.snapshot.status, sync.snapshot.live_effect) == (Status.FAILED, LiveEffect.RESTORED)
    assert (sync.snapshot.error_step, live(raw, sync)) == (
        "write",
        (["echo a", "echo b", "echo c"], "ONLINE", "ONLINE"),
    )


@pytest.mark.parametrize(("change", "code"), [({"taskType": "NO_SUCH"}, 50020), ({"description": "😀"}, 10105)])
def test_a_rejected_first_publish_touches_nothing(run_publish, make_definition, dolphin, change, code):
    body = make_definition()
    next(iter(body["definitions"]["tasks"].values())).update(change)
    sync = run_publish(body)
    assert (sync.state, sync.error_code) == (SyncState.FAILED, f"dolphin_{code}")
    assert (sync.snapshot.live_effect, sync.snapshot.error_step) == (LiveEffect.UNTOUCHED, "create")
    assert dolphin.state.definitions == {}


@pytest.mark.parametrize("kind", ["status", "html", "garbage"])
def test_a_dolphin_that_answers_nonsense_is_waited_for(run_publish, make_definition, dolphin, kind):
    dolphin.fault(kind, method="GET", path="simple-list", status=503)
    first = run_publish(make_definition())
    assert first.state == SyncState.WAITING
    assert first.due_at > timezone.now()
    for _ in range(2):  # one fault before the create, one after it
        _make_due(first)
        run_due()
        first.refresh_from_db()
    assert first.state == SyncState.SUCCEEDED


def test_a_refused_token_pauses_the_instance(run_publish, make_definition, dolphin):
    dolphin.token = "another"
    sync = run_publish(make_definition())
    assert (sync.state, sync.error_code, sync.snapshot.live_effect) == (
        SyncState.FAILED,
        "dolphin_unauthorized",
        "untouched",
    )
    assert Instance.objects.get().paused_because
    later = run_publish(make_definition(), key="later")
    assert later.error_code == "instance_paused"


@pytest.mark.parametrize("executed", [True, False])
def test_a_write_whose_answer_never_came_is_not_sent_again_at_once(
    scheduled, run_publish, make_definition, dolphin, raw, executed
):
    dolphin.fault("cut", method="PUT", after=executed)
    sync = run_publish(make_definition("echo new"))
    assert (sync.state, sync.error_code) == (SyncState.WAITING, "dolphin_unknown_outcome")
    puts = len([call for call in dolphin.log if call.method == "PUT"])
    run_due()
    assert len([call for call in dolphin.log if call.method == "PUT"]) == puts
    sync.steps.filter(answered_at=None).update(sent_at=timezone.now() - timezone.timedelta(hours=1))
    _make_due(sync)
    run_due()
    sync.refresh_from_db()
    assert sync.state == SyncState.SUCCEEDED
    assert live(raw, sync) == (["echo new", "echo b", "echo c"], "ONLINE", "ONLINE")
    assert len([call for call in dolphin.log if call.method == "PUT"]) == puts + (0 if executed else 1)


def test_a_lost_create_is_found_by_its_task_codes(run_publish, make_definition, dolphin):
    dolphin.fault("cut", method="POST", path="process-definition", after=True)
    sync = run_publish(make_definition())
    assert sync.state == SyncState.WAITING
    sync.steps.filter(answered_at=None).update(sent_at=timezone.now() - timezone.timedelta(hours=1))
    _make_due(sync)
    run_due()
    sync.refresh_from_db()
    assert sync.state == SyncState.SUCCEEDED
    assert len(dolphin.state.definitions) == 1


def test_a_lost_create_that_was_governed_under_another_key_meanwhile(run_publish, make_definition, dolphin, project):
    dolphin.fault("cut", method="POST", path="process-definition", after=True)
    sync = run_publish(make_definition())
    (code,) = dolphin.state.definitions
    Workflow.objects.create(key="by-a-baseline", project=project, workflow_code=code, name="w")
    sync.steps.filter(answered_at=None).update(sent_at=timezone.now() - timezone.timedelta(hours=1))
    _make_due(sync)
    run_due()
    sync.refresh_from_db()
    effect = Snapshot.objects.get().live_effect
    assert (sync.state, sync.error_code, effect) == ("failed", "already_bound", LiveEffect.NEW_CONTENT_LIVE)
    assert WorkflowState.objects.get().lock_id is None


def test_a_taken_name_is_refused_before_anything_is_written(run_publish, make_definition, raw, project, dolphin):
    theirs = raw.create(project.code, raw.form(make_definition()["name"], {dolphin.state.next_code(): "echo theirs"}))
    sync = run_publish(make_definition())
    assert (sync.state, sync.error_code, sync.snapshot.live_effect) == (SyncState.FAILED, "preflight", "untouched")
    assert "name_taken" in sync.error_text and str(theirs) in sync.error_text
    assert not sync.steps.filter(is_write=True).exists()


def test_a_lost_create_beside_somebody_elses_name_touches_nothing(run_publish, make_definition, raw, project, dolphin):
    dolphin.fault("cut", method="POST", path="process-definition")
    sync = run_publish(make_definition())
    raw.create(project.code, raw.form(make_definition()["name"], {dolphin.state.next_code(): "echo theirs"}))
    sync.steps.filter(answered_at=None).update(sent_at=timezone.now() - timezone.timedelta(hours=1))
    _make_due(sync)
    run_due()
    sync.refresh_from_db()
    assert (sync.state, sync.error_code, sync.snapshot.live_effect) == (SyncState.FAILED, "name_taken", "untouched")
    assert WorkflowState.objects.get().lock_id is None


def test_a_refused_task_log_is_no_new_code(scheduled, run_publish, make_definition, dolphin):
    """Sent with version 0, a code that was in use before could never be changed again."""
    body = make_definition("echo new")
    tasks = body["definitions"]["tasks"]
    code = dolphin.state.next_code()
    tasks[str(code)] = {**next(iter(tasks.values())), "name": "one more"}
    body["relations"].append({"preTaskCode": 0, "postTaskCode": code})
    dolphin.state.task_log[code] = [{"version": "no number", "taskParams": "{}"}]
    sync = run_publish(body)
    assert sync.state != SyncState.SUCCEEDED
    assert not [call for call in dolphin.log[-6:] if call.method == "PUT"]


def test_what_one_sync_meets_does_not_keep_the_others_waiting(request_publish, make_definition, dolphin):
    first = request_publish(make_definition(), key="odd").sync
    body = c1({dolphin.state.next_code(): "echo"}, name="another")
    second = request_publish(body, key="even").sync
    Sync.objects.filter(pk=first.pk).update(options="not what it should be", before="nor this", after="nor this")
    assert run_due() == 2
    second.refresh_from_db()
    assert second.state == SyncState.SUCCEEDED


def _make_due(sync):
    Sync.objects.filter(pk=sync.pk).update(due_at=timezone.now() - timezone.timedelta(seconds=1))
