"""Kill -9 of a worker on a rollback of many, before every event: each workflow is asked for once, goes back once, children first."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from rollback.choices import ItemState
from rollback.many.criteria import criteria_of
from rollback.many.execute_many import execute_many
from rollback.many.progress import of_batch
from rollback.many.submit_many import AskMany, submit_many
from rollback.models import BatchItem, RollbackBatch, RollbackRequest
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.work import run_due
from tests.faults.conftest import LONG_AGO, Worker
from tests.rollback.many.conftest import oncall, put  # noqa: F401  fixtures

pytestmark = pytest.mark.mysql


def place(name: str, put: Any, oncall: Any) -> RollbackBatch:  # noqa: F811
    """A child and a parent that calls it, both broken; return the batch that is to bring them back."""
    child, parent = f"z_{name}", f"a_{name}"
    code = put(child, "echo good").workflow_code
    put(parent, "echo good", calls=code)
    put(child, "echo bad", by="mallory")
    put(parent, "echo bad", by="mallory", calls=code)
    criteria = criteria_of(publisher="mallory", since=timezone.now() - timedelta(hours=1), workflows=(child, parent))
    return submit_many(AskMany(criteria=criteria, reason="broken"), actor=oncall)[0]


def pass_time(batch: RollbackBatch) -> None:
    past = timezone.now() - LONG_AGO
    batch.items.exclude(lease_until=None).update(lease_until=past)
    batch.items.exclude(due_at=None).update(due_at=past)


def end(batch: RollbackBatch) -> dict[str, Any]:
    """Everything that must be as if nothing had happened."""
    keys = [item.workflow.key for item in batch.items.select_related("workflow")]
    requests = RollbackRequest.objects.filter(batch=batch)
    pks = [str(pk) for pk in requests.values_list("pk", flat=True)]
    events = AuditEntry.objects.filter(object_pk__in=pks, content_type__model="rollbackrequest")
    states = WorkflowState.objects.filter(workflow__key__in=keys).order_by("workflow__key")
    return {
        "stages": sorted(one.stage for one in of_batch(batch)[1].values()),
        "items": sorted(batch.items.values_list("position", "state", "code", "lease_until")),
        "requests": sorted(requests.values_list("batch_position", "state")),
        "audit": sorted(events.values_list("event", flat=True)),
        "versions": sorted(Snapshot.objects.filter(workflow__in=keys).values_list("version", "trigger", "status")),
        "locks": list(states.values_list("lock", "published__version")),
    }


def go(worker: Worker, batch: RollbackBatch, user: Any, kill: int = 0) -> tuple[int, int]:
    """Bring the batch back, killed once while it is asked for and once while it is executed; return the events of both parts."""
    asked = _part(worker, batch, kill)
    assert set(batch.items.values_list("state", flat=True)) == {ItemState.SUBMITTED}
    execute_many(batch, actor=user)
    executed = _part(worker, batch, kill)
    for _ in range(3):
        run_due()
        pass_time(batch)
        worker.order(many=1)
    return asked, executed


def _part(worker: Worker, batch: RollbackBatch, kill: int) -> int:
    events = 0
    if kill:
        worker.order(many=1, kill_before=kill)
        pass_time(batch)
        worker.order(many=1, kill_before=kill // 2 + 1)
    for _ in range(2):
        pass_time(batch)
        events += int(worker.order(many=1)["events"])
    return events


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.soak)])
def test_killed_anywhere_the_end_is_the_same(worker, transactional_db, put, oncall, dolphin, step):  # noqa: F811
    go(worker, place("first", put, oncall), oncall)  # what all of them share is stored: the next ones are alike
    undisturbed = place("undisturbed", put, oncall)
    events = max(go(worker, undisturbed, oncall))
    expected = end(undisturbed)
    assert expected["stages"] == ["done", "done"]
    assert [version for _lock, version in expected["locks"]] == [3, 3]
    for number in range(1, events + 1, step):
        batch = place(f"n{number}", put, oncall)
        dolphin.log.clear()
        go(worker, batch, oncall, kill=number)
        assert end(batch) == expected, f"killed before event {number} of {events}"
        puts = [call.path.rsplit("/", 1)[-1] for call in dolphin.log if call.method == "PUT" and call.code == 0]
        codes = [str(item.workflow.workflow_code) for item in batch.items.select_related("workflow")]
        assert [code for code in puts if code in codes] == codes, "the child first, each once"
    assert BatchItem.objects.exclude(state=ItemState.BEGUN).count() == 0
