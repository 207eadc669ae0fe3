"""Kill -9 of a bulk run before every event: one version of each workflow and each old version, no lock left, each item ended once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.models import Project
from operations.choices import RunKind, RunState
from operations.models import OperationRun
from operations.start import start
from snapshotter.models import Snapshot, Sync, WorkflowState
from tests.faults.conftest import LONG_AGO, Stage, Worker

pytestmark = pytest.mark.mysql

Make = Callable[[Stage], None]


def two_workflows(stage: Stage) -> None:
    for name in ("one", "two"):
        stage.raw.create(stage.project.code, _form(stage, name))


def a_past(stage: Stage) -> None:
    """Two old versions that ran, and a third that is live."""
    raw, project = stage.raw, stage.project.code
    code = raw.create(project, _form(stage, "past"))
    raw.release(project, code, "ONLINE")
    for script in ("echo two", "echo three"):
        raw.start(project, code)
        raw.edit(project, code, script)


def _form(stage: Stage, name: str) -> dict[str, Any]:
    return stage.raw.form(name, {stage.raw.task_codes(stage.project.code, 1)[0]: "echo one"})


def place(stage: Stage, make: Make) -> Stage:
    """Return a stage in a project of its own."""
    code = stage.raw.create_project()
    project = Project.objects.create(instance=stage.project.instance, code=code, name=str(code), mode=Mode.RECORD)
    made = Stage(project, stage.raw)
    make(made)
    return made


def accept(stage: Stage, kind: RunKind) -> OperationRun:
    return start(kind, instance=stage.project.instance, project=stage.project, actor=SYSTEM)[0]


def end(run: OperationRun) -> dict[str, Any]:
    """Everything that must be as if nothing had happened."""
    run.refresh_from_db()
    project = run.project
    versions = Snapshot.objects.filter(project=project).order_by("label", "version")
    items = run.items.order_by("name")
    return {
        "run": (run.state, run.done, run.total, run.open_key, run.error_code),
        "items": [(item.name, sorted(_versions(item.result)), item.error_code) for item in items],
        "snapshots": list(
            versions.values_list("label", "version", "status", "trigger", "dolphin_version", "live_effect")
        ),
        "syncs": list(Sync.objects.filter(workflow__project=project).values_list("state", flat=True)),
        "locks": list(
            WorkflowState.objects.filter(workflow__project=project).values_list("lock", "published__version")
        ),
        "audit": sorted(AuditEntry.objects.filter(scope=project.scope).values_list("event", flat=True)),
    }


def _versions(result: dict[str, Any]) -> list[int]:
    """Our number of a captured one; DolphinScheduler's numbers of a back-fill, whether recovered now or before the kill."""
    return [number for some in result.get("versions", {}).values() for number in some] or [result["version"]]


def pass_time(run: OperationRun) -> None:
    past = timezone.now() - LONG_AGO
    OperationRun.objects.filter(pk=run.pk).exclude(lease_until=None).update(lease_until=past)
    OperationRun.objects.filter(pk=run.pk).exclude(due_at=None).update(due_at=past)


def recover(worker: Worker, run: OperationRun, **order: int) -> None:
    for _ in range(4):
        pass_time(run)
        worker.order(run=run.pk, **order)
        order = {}
        run.refresh_from_db()
        if run.state == RunState.SUCCEEDED:
            return
    raise AssertionError(f"{run.state} {run.error_code} {run.error_text}")


@pytest.mark.parametrize(("kind", "make"), [(RunKind.BASELINE, two_workflows), (RunKind.BACKFILL, a_past)])
def test_killed_anywhere_the_end_is_the_same(worker, stage, dolphin, kind, make):
    worker.order(run=accept(place(stage, make), kind).pk)  # what all of them share is stored: the next runs are alike
    undisturbed = accept(place(stage, make), kind)
    events = worker.order(run=undisturbed.pk)["events"]
    expected = end(undisturbed)
    assert (expected["run"][0], len(expected["snapshots"])) == (RunState.SUCCEEDED, 2)
    for number in range(1, events + 1):
        there = place(stage, make)
        dolphin.log.clear()
        run = accept(there, kind)
        assert worker.order(run=run.pk, kill_before=number)["killed"]
        again = (number * 7) % events + 1
        recover(worker, run, kill_before=again)
        assert end(run) == expected, f"killed before event {number} of {events}, then before {again}"
        assert {call.method for call in dolphin.log if not call.path.endswith("/schedules/list")} == {"GET"}


def test_a_killed_runs_instance_is_free_again_when_the_lease_has_run_out(worker, stage):
    run, other = accept(place(stage, two_workflows), RunKind.BASELINE), accept(stage, RunKind.INVENTORY)
    assert worker.order(run=run.pk, kill_before=4)["killed"]
    assert worker.order(run=other.pk)["events"] == 0
    pass_time(run)
    worker.order(run=other.pk)
    other.refresh_from_db()
    assert other.state == RunState.SUCCEEDED
