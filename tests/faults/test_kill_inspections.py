"""Kill -9 of an inspection before every event: each finding once, each in the trail once, no lock held, DolphinScheduler only read."""

from typing import Any

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.models import Workflow
from drift.choices import RunKind, RunState
from drift.inspection.claim import begin
from drift.models import DriftItem, InspectionMark, InspectionRun
from snapshotter.models import WorkflowState
from tests.faults.conftest import LONG_AGO, Stage, Worker

pytestmark = pytest.mark.mysql


class Ground:
    """Three published workflows: one as it was, one that differs, one whose drift was undone; laid again for each kill."""

    def __init__(self, stage: Stage, worker: Worker) -> None:
        self.stage, self.worker = stage, worker
        self.instance = stage.project.instance
        for key in ("kept", "undone", "edited"):
            stage.published(key)
        stage.edit("undone", "echo mine")
        self.worker.order(inspection=self.begin().pk)
        stage.edit("undone", "echo a")
        (row,) = stage.raw.schedules(stage.project.code, self.code("undone"))
        stage.raw.data("POST", f"/projects/{stage.project.code}/schedules/{row['id']}/online")
        stage.raw.release(stage.project.code, self.code("edited"), "OFFLINE")
        self._tables = {kind: list(kind.objects.all()) for kind in (DriftItem, InspectionMark)}
        self._states = list(WorkflowState.objects.values("pk", "live_state", "checked_at"))
        self._trail = AuditEntry.objects.latest("pk").pk

    def code(self, key: str) -> int:
        return Workflow.objects.get(key=key).workflow_code or 0

    def begin(self) -> InspectionRun:
        run, created = begin(self.instance, kind=RunKind.COMMAND)
        assert created
        return run

    def lay(self) -> InspectionRun:
        for kind, rows in self._tables.items():
            kind.objects.all().delete()
            kind.objects.bulk_create(rows)
        for row in self._states:
            WorkflowState.objects.filter(pk=row["pk"]).update(
                live_state=row["live_state"], checked_at=row["checked_at"]
            )
        self._trail = AuditEntry.objects.latest("pk").pk
        return self.begin()

    def end(self, run: InspectionRun) -> dict[str, Any]:
        run.refresh_from_db()
        trail = AuditEntry.objects.filter(pk__gt=self._trail, event__startswith="drift.")
        return {
            "run": (run.state, run.open_key, run.error_code, run.left_out),
            "items": sorted(DriftItem.objects.values_list("workflow__key", "state", "live_state")),
            "trail": sorted(trail.values_list("event", "object_repr")),
            "states": sorted(WorkflowState.objects.values_list("workflow__key", "live_state", "lock")),
            "marks": InspectionMark.objects.exclude(probe="").count(),
        }

    def recover(self, run: InspectionRun, **order: int) -> None:
        for _ in range(4):
            InspectionRun.objects.filter(pk=run.pk).exclude(lease_until=None).update(
                lease_until=timezone.now() - LONG_AGO
            )
            self.worker.order(inspection=run.pk, **order)
            order = {}
            run.refresh_from_db()
            if run.state != RunState.WORKING:
                return


@pytest.mark.parametrize(
    ("first", "step"), [(1, 3), *(pytest.param(first, 3, marks=pytest.mark.soak) for first in (2, 3))]
)
def test_killed_anywhere_the_end_is_the_same(worker, stage, dolphin, first, step):
    """Every third event, and a second kill elsewhere, in every run; the others in soak."""
    ground = Ground(stage, worker)
    undisturbed = ground.lay()
    events = worker.order(inspection=undisturbed.pk)["events"]
    expected = ground.end(undisturbed)
    assert expected["run"] == (RunState.DONE, None, "", 0)
    assert expected["items"] == [("edited", "open", "drifted"), ("undone", "resolved", "newer")]
    assert [event for event, _ in expected["trail"]] == ["drift.found", "drift.resolved"]
    dolphin.log.clear()
    for number in range(first, events + 1, step):
        run = ground.lay()
        assert worker.order(inspection=run.pk, kill_before=number)["killed"]
        ground.recover(run, kill_before=(number * 7) % events + 1)
        assert ground.end(run) == expected, f"killed before event {number} of {events}"
    assert {call.method for call in dolphin.log if not call.path.endswith("/schedules/list")} == {"GET"}


def test_a_killed_inspection_is_gone_on_with_when_the_lease_has_run_out(worker, stage):
    stage.published("kept")
    run, _ = begin(stage.project.instance, kind=RunKind.COMMAND)
    assert worker.order(inspection=run.pk, kill_before=3)["killed"]
    worker.order(inspection=run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempt) == (RunState.WORKING, 1)
    InspectionRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - LONG_AGO)
    worker.order(inspection=run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempt) == (RunState.DONE, 2)
