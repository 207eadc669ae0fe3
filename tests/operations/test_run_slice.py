"""Runs: done whole, in slices, over interruptions, and by nobody else meanwhile."""

import pytest

from audit.models import AuditEntry
from catalog.models import Instance, Workflow
from operations import claim
from operations.choices import Outcome, RunKind, RunState
from operations.models import OperationItem, OperationRun
from operations.run_slice import run_slice
from operations.start import start
from operations.stop import cancel, resume
from snapshotter.choices import Trigger
from snapshotter.errors import StateConflict
from snapshotter.models import Snapshot, Sync

BASELINE = RunKind.BASELINE


def gets(dolphin, path):
    return [call for call in dolphin.log if path in call.path]


def test_a_baseline_captures_all_with_one_read_each(do, make, dolphin, project):
    codes = [make(f"w{number}") for number in range(5)]
    dolphin.log.clear()
    run = do(BASELINE)
    assert (run.state, run.total, run.done, run.items.counted()) == (RunState.SUCCEEDED, 5, 5, {"captured": 5})
    assert set(Workflow.objects.values_list("workflow_code", flat=True)) == set(codes)
    assert {row.trigger for row in Snapshot.objects.all()} == {Trigger.BASELINE}
    assert len(dolphin.log) == run.calls == 5 + 2  # the probe, the schedules, one read each
    assert not [call for call in dolphin.log if call.method != "GET" and not call.path.endswith("/schedules/list")]
    assert list(AuditEntry.objects.filter(event__startswith="run.").values_list("event", flat=True)[::-1]) == [
        "run.accepted",
        "run.succeeded",
    ]


def test_a_second_baseline_makes_no_version(do, make):
    for number in range(3):
        make(f"w{number}")
    do(BASELINE)
    syncs = Sync.objects.count()
    run = do(BASELINE)
    assert run.items.counted() == {"unchanged": 3}
    assert (Snapshot.objects.count(), Sync.objects.count()) == (3, syncs)


def test_schedules_are_part_of_what_is_captured(do, make, raw, project):
    code = make("scheduled")
    raw.release(project.code, code, "ONLINE")
    raw.create_schedule(project.code, code, "0 0 3 * * ? *", online=True)
    do(BASELINE)
    state = Workflow.objects.get(workflow_code=code).state
    assert (state.expected_online, state.expected_schedule_online) == (True, True)
    assert do(BASELINE).items.counted() == {"unchanged": 1}


def test_a_locked_and_a_spoilt_workflow_are_listed_and_the_rest_is_done(do, make, dolphin, publisher):
    from snapshotter.capture import capture
    from snapshotter.make_snapshot import Origin

    make("good")
    locked, spoilt = make("locked"), make("spoilt")
    do(BASELINE)
    make("new")
    capture(Workflow.objects.get(workflow_code=locked), origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
    task = dolphin.state.relations(spoilt, 1)[0]["postTaskCode"]
    dolphin.state.task_log[task].append(dict(dolphin.state.task_log[task][0]))
    run = do(BASELINE)
    assert run.state == RunState.SUCCEEDED
    ended = {item.name: (item.outcome, item.error_code) for item in run.items.all()}
    assert ended == {
        "good": (Outcome.UNCHANGED, ""),
        "new": (Outcome.CAPTURED, ""),
        "locked": (Outcome.FAILED, "workflow_locked"),
        "spoilt": (Outcome.FAILED, "corrupt"),
    }


def test_a_slice_gives_back_and_the_next_goes_on(make, project, publisher):
    for number in range(3):
        make(f"w{number}")
    run, _ = start(BASELINE, instance=project.instance, project=project, actor=publisher)
    assert run_slice(run.pk, -1.0)  # time for the list only
    run.refresh_from_db()
    assert (run.state, run.total, run.done) == (RunState.QUEUED, 3, 0)
    assert run_slice(run.pk, 60.0)
    assert not run_slice(run.pk, 60.0)
    run.refresh_from_db()
    assert (run.state, run.done, run.attempt) == (RunState.SUCCEEDED, 3, 2)


def test_a_dead_workers_run_is_taken_up_where_it_stopped(make, project, publisher):
    for number in range(3):
        make(f"w{number}")
    run, _ = start(BASELINE, instance=project.instance, project=project, actor=publisher)
    run_slice(run.pk, -1.0)
    assert claim.claim(run.pk) is not None  # a worker that dies here says nothing more
    assert claim.claim(run.pk) is None
    OperationRun.objects.filter(pk=run.pk).update(lease_until="2020-01-01T00:00:00Z")
    assert run_slice(run.pk, 60.0)
    assert Snapshot.objects.count() == 3


def test_an_overtaken_worker_writes_nothing(make, project, publisher):
    make("w")
    run, _ = start(BASELINE, instance=project.instance, project=project, actor=publisher)
    run_slice(run.pk, -1.0)
    mine = claim.claim(run.pk)
    OperationRun.objects.filter(pk=run.pk).update(lease_until="2020-01-01T00:00:00Z")
    assert claim.claim(run.pk) is not None
    with pytest.raises(claim.LeaseLost):
        claim.renew(mine)
    with pytest.raises(claim.LeaseLost):
        claim.succeed(mine)
    assert not AuditEntry.objects.filter(event="run.succeeded").exists()


def test_one_run_of_an_instance_at_a_time(make, project, publisher):
    baseline, _ = start(BASELINE, instance=project.instance, project=project, actor=publisher)
    inventory, _ = start(RunKind.INVENTORY, instance=project.instance, project=project, actor=publisher)
    assert claim.claim(baseline.pk) is not None
    assert claim.claim(inventory.pk) is None
    assert not run_slice(inventory.pk, 1.0)


def test_while_dolphinscheduler_is_away_the_run_waits_and_then_goes_on(do, make, dolphin):
    make("w0")
    make("w1")
    dolphin.fault("status", "GET", "/process-definition/", times=1, status=503)
    dolphin.fault("status", "GET", "/users/get-user-info", times=1, status=503)
    run = do(BASELINE)
    assert (run.state, run.setbacks, run.error_code) == (RunState.WAITING, 1, "dolphin_unavailable")
    OperationRun.objects.filter(pk=run.pk).update(due_at="2020-01-01T00:00:00Z")
    assert run_slice(run.pk, 60.0)
    run.refresh_from_db()
    assert (run.state, run.setbacks, run.error_code) == (RunState.SUCCEEDED, 0, "")
    assert run.items.counted() == {"captured": 2}


def test_a_workflow_that_alone_never_answers_is_left_out(do, make, dolphin):
    code = make("heavy")
    make("light")
    dolphin.fault("status", "GET", f"/process-definition/{code}", times=99, status=503)
    run = do(BASELINE)
    for _ in range(2):
        OperationRun.objects.filter(pk=run.pk).update(due_at="2020-01-01T00:00:00Z")
        run_slice(run.pk, 60.0)
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert {item.name: item.outcome for item in run.items.all()} == {"heavy": "failed", "light": "captured"}


def test_a_refused_token_pauses_the_instance_and_the_run_can_be_resumed(do, make, dolphin, project, publisher):
    make("w")
    dolphin.fault("unauthorized", times=1)
    run = do(BASELINE)
    assert (run.state, run.error_code) == (RunState.FAILED, "dolphin_unauthorized")
    assert Instance.objects.get().paused_because
    Instance.objects.update(paused_because="")
    resume(run, actor=publisher)
    while run_slice(run.pk, 60.0):
        pass
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.SUCCEEDED, 1)


def test_a_cancelled_run_stops_and_goes_on_when_resumed(make, project, publisher):
    for number in range(3):
        make(f"w{number}")
    run, _ = start(BASELINE, instance=project.instance, project=project, actor=publisher)
    run_slice(run.pk, -1.0)
    cancel(run, actor=publisher)
    assert not run_slice(run.pk, 60.0)
    with pytest.raises(StateConflict):
        cancel(run, actor=publisher)
    again, created = start(BASELINE, instance=project.instance, project=project, actor=publisher)
    assert created
    with pytest.raises(StateConflict):
        resume(run, actor=publisher)  # another one is open
    cancel(again, actor=publisher)
    resume(run, actor=publisher)
    assert run_slice(run.pk, 60.0)
    assert OperationItem.objects.filter(run=run, outcome=Outcome.CAPTURED).count() == 3
    assert {"run.cancelled", "run.resumed"} <= set(AuditEntry.objects.values_list("event", flat=True))


def test_backfill_runs_over_a_project(do, make, raw, project, dolphin):
    import json

    code = make("past")
    raw.release(project.code, code, "ONLINE")
    path = f"/projects/{project.code}/executors/start-process-instance"
    raw.data("POST", path, processDefinitionCode=code)
    raw.release(project.code, code, "OFFLINE")
    shown = raw.definition(project.code, code)
    texts = {row["code"]: "echo new" for row in shown["taskDefinitionList"]}
    form = raw.form("past", texts)
    form["taskDefinitionJson"] = json.dumps([{**row, "version": 1} for row in json.loads(form["taskDefinitionJson"])])
    raw.data("PUT", f"/projects/{project.code}/process-definition/{code}", **form)
    make("young")
    run = do(RunKind.BACKFILL)
    ended = {item.name: (item.outcome, item.result["versions"]) for item in run.items.all()}
    assert ended == {"past": ("recovered", {"recovered": [1], "live": [2]}), "young": ("nothing", {"live": [1]})}
    assert do(RunKind.BACKFILL).items.counted() == {"nothing": 2}
    assert Snapshot.objects.count() == 1


def test_a_starter_who_lost_the_right_is_refused_once_in_the_trail(make, project, publisher):
    from guardian.shortcuts import remove_perm

    from catalog.permissions import PUBLISH

    for number in range(3):
        make(f"w{number}")
    run, _ = start(BASELINE, instance=project.instance, project=project, actor=publisher)
    remove_perm(PUBLISH, publisher, project)
    assert run_slice(run.pk, 60.0)
    assert {item.error_code for item in run.items.all()} == {"not_allowed"}
    assert AuditEntry.objects.filter(event="run.refused").count() == 1
    assert not Snapshot.objects.exists()


def test_a_task_switched_off_by_itself_is_captured_though_no_version_moved(do, make, raw, project):
    code = make("w")
    do(BASELINE)
    task = raw.definition(project.code, code)["taskDefinitionList"][0]["code"]
    raw.data("POST", f"/projects/{project.code}/task-definition/{task}/release", releaseState="OFFLINE")
    assert do(BASELINE).items.counted() == {"captured": 1}
    first, second = Snapshot.objects.order_by("version")
    assert first.dolphin_version == second.dolphin_version == 1
    assert second.change_summary["tasks_modified"] == 1
