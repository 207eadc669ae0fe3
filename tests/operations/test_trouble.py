"""Runs among dead workers, a DolphinScheduler that is away, and workflows that are locked, spoilt or odd."""

import pytest

from audit.models import AuditEntry
from catalog.models import Workflow
from operations import claim
from operations.choices import Outcome, RunKind, RunState
from operations.models import OperationRun
from operations.run_slice import run_slice
from operations.start import start
from snapshotter.choices import Trigger
from snapshotter.models import Snapshot

BASELINE = RunKind.BASELINE


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


@pytest.mark.parametrize("kind", [BASELINE, RunKind.INVENTORY])
def test_one_odd_workflow_does_not_stop_the_others(kind, do, make, raw, project, dolphin):
    odd = make("odd")
    make("plain")
    raw.release(project.code, odd, "ONLINE")
    raw.create_schedule(project.code, odd, "0 0 3 * * ? *")
    del dolphin.state.schedules[0]["id"]
    run = do(kind)
    assert run.state == RunState.SUCCEEDED
    ended = {item.name: item.error_code for item in run.items.all()}
    assert ended == {"odd": "dolphin_unexpected", "plain": ""}
