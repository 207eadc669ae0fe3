"""A worker and a person at the same moment, or many people: one of them wins, the others are told, nothing is left in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import AuditEntry
from catalog.models import Workflow
from snapshotter.choices import AT_WORK, SyncState
from snapshotter.claim import claim
from snapshotter.errors import NotLocked, StateConflict, StillAtWork
from snapshotter.models import Sync, SyncStep, WorkflowState
from snapshotter.unlock import unlock
from snapshotter.work import run_due

pytestmark = [pytest.mark.mysql, pytest.mark.races, pytest.mark.django_db(transaction=True)]
ROUNDS = 12


def _at_once(*works):
    start = Barrier(len(works))

    def run(work):
        start.wait()
        try:
            return work()
        except (NotLocked, StateConflict, StillAtWork) as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def _free(key, actor):
    workflow = Workflow.objects.select_related("project__instance").get(key=key)
    unlock(workflow, actor=actor, reason="left over")
    return "freed"


@pytest.mark.parametrize("kind", ["queued", "orphaned", "half done"])
def test_a_worker_and_a_person(kind, request_publish, make_definition, manager):
    won = {"worker": 0, "person": 0}
    for number in range(ROUNDS):
        key = f"w{number}"
        body = {**make_definition(), "name": key}
        sync = request_publish(body, key=key).sync
        if kind != "queued":
            dead = {"state": SyncState.RUNNING, "attempt": 1, "lease_until": timezone.now() - timedelta(hours=1)}
            Sync.objects.filter(pk=sync.pk).update(**dead)
        if kind == "half done":
            past = timezone.now() - timedelta(hours=1)
            step = {"number": 1, "direction": "forward", "action": "write", "is_write": True, "outcome": "ok"}
            SyncStep.objects.create(sync=sync, sent_at=past, answered_at=past, **step)
        claimed, freed = _at_once(lambda pk=sync.pk: claim(pk), lambda key=key: _free(key, manager))
        state = WorkflowState.objects.select_related("lock").get(workflow__key=key)
        if freed == "freed":
            won["person"] += 1
            assert claimed is None
            assert state.lock_id is None and Sync.objects.get(pk=sync.pk).is_finished
        else:
            won["worker"] += 1
            assert claimed is not None and freed in ("state_conflict", "still_at_work")
            assert state.lock is not None and state.lock.state in AT_WORK
    assert sum(won.values()) == ROUNDS
    assert AuditEntry.objects.filter(event="lock.freed").count() == won["person"]


def test_eight_people_free_one_workflow_once(request_publish, make_definition, manager):
    request_publish(make_definition())
    said = _at_once(*[lambda: _free("orders", manager)] * 8)
    assert said.count("freed") == 1 and set(said) <= {"freed", "not_locked", "state_conflict"}
    assert AuditEntry.objects.filter(event="lock.freed").count() == 1
    assert AuditEntry.objects.filter(event="sync.cancelled").count() == 1


def test_a_publish_under_way_is_never_cut_in_two(request_publish, make_definition, manager, dolphin):
    """A person presses again and again while a worker publishes: it ends verified, or nothing of it was sent."""
    for number in range(4):
        key = f"p{number}"
        sync = request_publish({**make_definition(), "name": key}, key=key).sync

        def press(key=key):
            said = set()
            for _ in range(30):
                try:
                    said.add(_free(key, manager))
                except (NotLocked, StateConflict, StillAtWork) as error:
                    said.add(error.code)
            return said

        _at_once(run_due, press)
        run_due()
        sync.refresh_from_db()
        held = [row for rows in dolphin.state.definitions.values() for row in rows if row.get("name") == key]
        assert (sync.state, bool(held)) in ((SyncState.SUCCEEDED, True), (SyncState.CANCELLED, False))
        assert WorkflowState.objects.get(workflow__key=key).lock_id is None
