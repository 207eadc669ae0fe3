"""People and workers at the same moment, over real connections: each workflow goes back once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from rollback.errors import NothingLeft
from rollback.many.execute_many import execute_many
from rollback.many.submit_many import AskMany, submit_many
from rollback.many.work import work_due
from rollback.models import BatchItem, RollbackBatch, RollbackRequest
from snapshotter.models import Snapshot
from snapshotter.work import run_due
from tests.rollback.many.conftest import LONG, of_mallory

pytestmark = [pytest.mark.mysql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _row_locks(db: None) -> None:
    if connection.vendor != "mysql":
        pytest.skip("needs a database with row locks")


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all at the same moment; return what each gave, or its error."""
    start, got = threading.Barrier(len(acts)), []

    def go(act: Callable[[], object]) -> None:
        start.wait()
        try:
            got.append(act())
        except Exception as error:  # noqa: BLE001  whatever it is, the test looks at it
            got.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_two_people_and_three_workers_at_once(incident, oncall, root, work):
    criteria = of_mallory()

    def ask(actor, key):
        return submit_many(AskMany(criteria=criteria, reason="broken", key=key), actor=actor)[0].pk

    got = at_once(lambda: ask(oncall, "one"), lambda: ask(oncall, "one"), lambda: ask(root, "one"))
    assert len(set(got)) == 2, got
    assert RollbackBatch.objects.count() == 2
    at_once(*[lambda: work_due(LONG)] * 3)
    work()
    assert RollbackRequest.objects.count() == 4
    states = list(BatchItem.objects.values_list("workflow__key", "state"))
    assert sorted(state for _key, state in states) == ["left_out"] * 4 + ["submitted"] * 4

    for batch in RollbackBatch.objects.all():
        ordered = at_once(
            lambda batch=batch: execute_many(batch, actor=oncall), lambda batch=batch: execute_many(batch, actor=root)
        )
        assert sum(one for one in ordered if isinstance(one, int)) == batch.items.exclude(request=None).count()
        assert all(isinstance(one, (int, NothingLeft)) for one in ordered), ordered
    for _ in range(4):
        at_once(*[lambda: work_due(LONG) + run_due()] * 3)
    work()
    assert set(RollbackRequest.objects.values_list("state", flat=True)) == {"done"}
    assert Snapshot.objects.filter(trigger="rollback").count() == 4
    written = incident.written()
    assert sorted(written) == ["a_parent", "b_waiter", "plain", "z_child"]
    assert written.index("z_child") < written.index("a_parent") < written.index("b_waiter")
