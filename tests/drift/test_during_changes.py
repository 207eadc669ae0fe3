"""Inspections between every two calls of a change of ours find nothing and hold nothing, and the change ends as without them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from audit.models import AuditEntry
from drift.models import DriftItem
from rollback.execute import execute
from rollback.submit import Ask, submit
from snapshotter.choices import LiveState, SyncState, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.publish import PublishRequest, publish
from snapshotter.put_back import put_back
from snapshotter.work import run_due


@contextmanager
def before_each_call(act) -> Iterator[list[str]]:
    """Do something before each call to DolphinScheduler, and once after the last; not before calls of its own."""
    real, inside, made = requests.Session.send, [], []

    def send(session, request, **options):
        if not inside:
            inside.append(True)
            act()
            inside.clear()
            made.append(request.method)
        return real(session, request, **options)

    requests.Session.send = send
    try:
        yield made
    finally:
        requests.Session.send = real
    act()


@pytest.fixture
def inspected(sweep):
    """Work on what is due with an inspection before every call; return how many calls there were."""

    def go():
        def look():
            held = WorkflowState.objects.get().lock_id
            run = sweep(is_full=True)
            assert run.opened == run.closed == 0 and run.state == "done"
            assert WorkflowState.objects.get().lock_id == held
            assert run.left_out == (1 if held else 0)

        with before_each_call(look) as made:
            run_due()
        return len(made)

    return go


def request_of(body, **options):
    return PublishRequest(workflow_key="orders", definition=body, origin=Origin(trigger=Trigger.API), **options)


def ended(sync, state=SyncState.SUCCEEDED):
    sync.refresh_from_db()
    assert sync.state == state, sync.error_text
    assert not DriftItem.objects.exists()
    assert not AuditEntry.objects.filter(event__startswith="drift.").exists()
    assert WorkflowState.objects.get().live_state == LiveState.IN_SYNC


def test_a_publish(orders, publisher, make_definition, inspected):
    sync = publish(request_of(make_definition("echo 3")), actor=publisher).sync
    assert inspected() > 6
    ended(sync)


def test_a_publish_that_fails_and_is_undone(orders, publisher, make_definition, inspected):
    sync = publish(request_of(make_definition("echo 😀")), actor=publisher).sync
    assert inspected() > 6
    ended(sync, SyncState.FAILED)


def test_a_put_back(orders, publisher, inspected, hands):
    hands.save(description="mine")
    sync = put_back(orders, actor=publisher, reason="to be sure")
    assert inspected() > 6
    ended(sync)


def test_a_rollback(orders, root, inspected):
    target = Snapshot.objects.get(version=1)
    request = submit(Ask(workflow=orders, target=target, reason="v2 loses rows"), actor=root)
    execute(request, actor=root)
    assert inspected() > 6
    ended(Sync.objects.latest("pk"))
    assert WorkflowState.objects.get().published.rollback_of == target
