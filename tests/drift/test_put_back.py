"""Putting back from an item: with and without an approval, and what closes it."""

import pytest

from audit.models import AuditEntry
from catalog.errors import NotAllowed
from catalog.permissions import APPROVE_ROLLBACK, VIEW
from drift.choices import ItemState, Kind
from drift.errors import ItemClosed
from drift.move import move
from drift.put_back import Order, put_back
from rollback.approve import approve
from rollback.choices import Act, State
from rollback.errors import MissingInDolphin, SeenMoved
from rollback.execute import execute
from rollback.models import RollbackPolicy, RollbackRequest
from snapshotter.choices import LiveState, ScheduleChoice
from snapshotter.models import WorkflowState
from snapshotter.work import run_due
from tests.conftest import _person as person
from tests.drift.items import again

ORDER = Order(reason="not agreed", acknowledged=("schedule_on",))


@pytest.fixture
def item(hands, look_at):
    hands.edit("echo theirs")
    return again(look_at().item)


def asked():
    return RollbackRequest.objects.select_related("workflow__project__instance", "project__instance", "target").get()


def test_without_approvals_it_is_done_in_one_act(item, publisher, look_at):
    request = put_back(item, ORDER, actor=publisher)
    assert (request.act, request.state, request.category) == (Act.PUT_BACK, State.EXECUTING, "edited")
    run_due()
    closed = again(item)
    assert (closed.state, closed.closed_by_name) == (ItemState.PUT_BACK, "publisher")
    assert closed.closed_reason == "not agreed" and closed.sync_id == asked().sync_id
    assert asked().state == State.DONE
    assert AuditEntry.objects.filter(event="drift.put_back", outcome="ok").count() == 1
    assert look_at().item is None


def test_a_switch_to_what_was_put_away_is_told_as_one(item, publisher, hands, look_at):
    """Putting back makes a version of its own: one that somebody made before it is older, and nobody saved it now."""
    theirs = hands.raw.definition(hands.project, hands.code)["processDefinition"]["version"]
    put_back(item, ORDER, actor=publisher)
    run_due()
    hands.switch(theirs)
    found = look_at()
    assert found.item is not None and Kind.VERSION_SWITCHED in found.judgement.kinds
    assert found.item.live_state == LiveState.DRIFTED, "not newer"
    assert found.item.evidence["published"]["dolphin_version"] > theirs


def test_a_publish_that_was_brought_back_notes_what_it_left(orders, go, hands, make_definition):
    WorkflowState.objects.filter(workflow=orders).update(live_version=1)
    with pytest.raises(AssertionError):
        go(make_definition("echo 😀"))  # taken offline, refused, put online again
    left = WorkflowState.objects.get(workflow=orders).live_version
    assert left == hands.raw.definition(hands.project, hands.code)["processDefinition"]["version"] != 1


def test_with_an_approval_it_waits(item, publisher, project):
    RollbackPolicy.objects.create(project=project, approvals_needed=1)
    assert put_back(item, ORDER, actor=publisher).state == State.PENDING
    approve(asked(), actor=person("approver", project, VIEW, APPROVE_ROLLBACK))
    assert again(item).state == ItemState.OPEN
    execute(asked(), actor=publisher)
    run_due()
    assert again(item).state == ItemState.PUT_BACK


def test_what_it_is_refused_for(item, publisher, viewer):
    with pytest.raises(NotAllowed):
        put_back(item, ORDER, actor=viewer)
    with pytest.raises(SeenMoved):
        put_back(item, Order(reason="x", seen="0" * 64), actor=publisher)
    move(item, ItemState.RESOLVED)
    with pytest.raises(ItemClosed):
        put_back(again(item), ORDER, actor=publisher)
    assert not RollbackRequest.objects.exists()


def test_what_is_deleted_is_restored_instead(orders, hands, look_at, publisher):
    hands.delete()
    with pytest.raises(MissingInDolphin):
        put_back(again(look_at().item), ORDER, actor=publisher)


def test_one_that_fails_stands_and_names_the_attempt(item, publisher, dolphin, hands):
    put_back(item, ORDER, actor=publisher)
    hands.edit("echo theirs again")  # between the look and the worker
    run_due()
    left = again(item)
    assert (left.state, left.sync.error_code) == (ItemState.OPEN, "live_moved")
    assert asked().state == State.FAILED


def test_another_publish_takes_it_out_of_the_way(item, go, make_definition):
    go(make_definition("echo 4"), force_reason="over it", schedule=ScheduleChoice.KEEP)
    assert again(item).state == ItemState.RESOLVED
    assert AuditEntry.objects.get(event="drift.resolved").additional_data["snapshot"]
