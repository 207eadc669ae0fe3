"""Adopting what somebody saved in DolphinScheduler."""

import pytest

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import InvalidRequest, NotAllowed, ProjectOff
from catalog.models import Project
from drift.adopt import adopt
from drift.choices import ItemState
from drift.errors import ItemClosed, NotAdoptable
from drift.rules.ignore import Field, ignore
from rollback.errors import SeenMoved
from snapshotter.capture import capture
from snapshotter.choices import LiveState
from snapshotter.errors import WorkflowLocked
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.work import run_due
from tests.drift.items import again, make_item


@pytest.fixture
def item(hands, look_at):
    hands.edit("echo theirs")
    return again(look_at().item)


def test_it_becomes_the_published_version(item, publisher, look_at):
    sync = adopt(item, actor=publisher, reason="agreed with the team", seen=item.found)
    assert again(item).state == ItemState.OPEN and again(item).sync_id == sync.pk
    run_due()
    closed = again(item)
    assert (closed.state, closed.open_key) == (ItemState.ADOPTED, None)
    assert (closed.closed_by_name, closed.closed_reason) == ("publisher", "agreed with the team")
    state = WorkflowState.objects.select_related("published").get(workflow=item.workflow)
    made = state.published
    assert (made.version, made.trigger, made.message) == (3, "capture", "agreed with the team")
    assert made.trigger_ref == f"drift {item.pk}" and state.live_state == LiveState.IN_SYNC
    assert AuditEntry.objects.get(event="drift.adopted").additional_data == {"sync": sync.pk, "snapshot": made.pk}
    assert look_at().item is None


def test_whoever_captures_it_adopts_it(item, publisher):
    capture(item.workflow, origin=Origin(trigger="capture", message="by hand"), actor=publisher)
    run_due()
    assert again(item).state == ItemState.ADOPTED


def test_a_capture_that_fails_leaves_it_standing(item, publisher, hands):
    adopt(item, actor=publisher, reason="agreed")
    hands.delete()
    run_due()
    left = again(item)
    assert (left.state, left.sync.state, left.sync.error_code) == (ItemState.OPEN, "failed", "missing_in_dolphin")


@pytest.mark.parametrize("act", ["edit", "schedule", "release"])
def test_what_was_done_since_is_not_adopted(item, publisher, hands, act):
    """Nobody has looked at it, and the version would bear this person's reason."""
    adopt(item, actor=publisher, reason="I have looked at it", seen=item.found)
    {
        "edit": lambda: hands.edit("echo unseen"),
        "schedule": lambda: hands.schedule(hands.schedules()[0]["id"], "online"),
        "release": lambda: hands.release("OFFLINE"),
    }[act]()
    run_due()
    left = again(item)
    assert (left.state, left.sync.state, left.sync.error_code) == (ItemState.OPEN, "failed", "live_moved")
    assert WorkflowState.objects.get(workflow=item.workflow).published_id == item.published_id


def test_an_ignored_field_that_moved_is_no_news_and_keeps_nobody_from_adopting(
    item, publisher, admin_user, hands, look_at
):
    ignore(
        item.project, Field(path="settings.description", reason="a remark", workflow=item.workflow), actor=admin_user
    )
    hands.save(description="another remark")
    found = look_at().item
    assert found is not None and found.found == item.found
    adopt(again(item), actor=publisher, reason="agreed", seen=item.found)
    run_due()
    assert again(item).state == ItemState.ADOPTED


def test_what_it_is_refused_for(item, publisher, viewer, project):
    with pytest.raises(NotAllowed):
        adopt(item, actor=viewer, reason="mine")
    assert AuditEntry.objects.get(event="drift.adopt_refused").outcome == "refused"
    with pytest.raises(InvalidRequest):
        adopt(item, actor=publisher, reason=" ")
    with pytest.raises(SeenMoved):
        adopt(item, actor=publisher, reason="agreed", seen="0" * 64)
    adopt(item, actor=publisher, reason="agreed")
    with pytest.raises(WorkflowLocked):
        adopt(again(item), actor=publisher, reason="agreed")
    run_due()
    with pytest.raises(ItemClosed):
        adopt(again(item), actor=publisher, reason="agreed")
    Project.objects.update(mode=Mode.OFF)
    with pytest.raises(ProjectOff):
        adopt(again(item), actor=publisher, reason="agreed")
    assert Snapshot.objects.filter(workflow_id="orders").count() == 3


@pytest.mark.parametrize("verdict", [LiveState.MISSING, LiveState.CORRUPT])
def test_there_is_nothing_to_adopt(bare_orders, publisher, verdict):
    item = make_item(bare_orders, live_state=verdict)
    with pytest.raises(NotAdoptable) as caught:
        adopt(item, actor=publisher, reason="agreed")
    assert caught.value.extra == {"live_state": verdict}
