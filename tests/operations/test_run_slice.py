"""Runs: done whole, in slices, and one of an instance at a time."""

from audit.models import AuditEntry
from catalog.models import Workflow
from operations import claim
from operations.choices import RunKind, RunState
from operations.run_slice import run_slice
from operations.start import start
from snapshotter.choices import Trigger
from snapshotter.models import Snapshot, Sync

BASELINE = RunKind.BASELINE


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


def test_one_run_of_an_instance_at_a_time(make, project, publisher):
    baseline, _ = start(BASELINE, instance=project.instance, project=project, actor=publisher)
    inventory, _ = start(RunKind.INVENTORY, instance=project.instance, project=project, actor=publisher)
    assert claim.claim(baseline.pk) is not None
    assert claim.claim(inventory.pk) is None
    assert not run_slice(inventory.pk, 1.0)


def test_backfill_runs_over_a_project(do, make, raw, project, dolphin):
    import json

    code = make("past")
    raw.release(project.code, code, "ONLINE")
    raw.start(project.code, code)
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


def test_a_task_switched_off_by_itself_is_captured_though_no_version_moved(do, make, raw, project):
    code = make("w")
    do(BASELINE)
    task = raw.definition(project.code, code)["taskDefinitionList"][0]["code"]
    raw.data("POST", f"/projects/{project.code}/task-definition/{task}/release", releaseState="OFFLINE")
    assert do(BASELINE).items.counted() == {"captured": 1}
    first, second = Snapshot.objects.order_by("version")
    assert first.dolphin_version == second.dolphin_version == 1
    assert second.change_summary["tasks_modified"] == 1
