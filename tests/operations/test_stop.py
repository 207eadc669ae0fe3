"""Cancelling and resuming, and a starter whose rights changed meanwhile."""

import pytest

from audit.models import AuditEntry
from catalog.errors import NotAllowed
from catalog.models import Instance
from operations.choices import Outcome, RunKind, RunState
from operations.models import OperationItem
from operations.run_slice import run_slice
from operations.start import start
from operations.stop import cancel, resume
from snapshotter.errors import StateConflict
from snapshotter.models import Snapshot

BASELINE = RunKind.BASELINE


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


def test_a_run_of_an_instance_is_a_superusers_to_stop_and_the_refusal_stays(project, root, publisher):
    run, _ = start(BASELINE, instance=project.instance, actor=root)
    with pytest.raises(NotAllowed):
        cancel(run, actor=publisher)
    assert AuditEntry.objects.get(event="run.refused").actor_name == "publisher"


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


def test_what_failed_is_tried_anew(make, raw, project, publisher):
    good, gone = make("good"), make("gone")
    run, _ = start(RunKind.BASELINE, instance=project.instance, project=project, actor=publisher)
    run_slice(run.pk, -1.0)  # time for the list only
    raw.data("DELETE", f"/projects/{project.code}/process-definition/{gone}")
    run.items.filter(workflow_code=good).update(outcome="failed", error_code="x")
    cancel(run, actor=publisher)
    run.refresh_from_db()
    resume(run, actor=publisher)
    run_slice(run.pk, 60.0)
    assert {item.name: (item.outcome, item.error_code) for item in run.items.all()} == {
        "good": ("captured", ""),
        "gone": ("failed", "missing_in_dolphin"),
    }
