"""Noting: overtaken readings, muted items, what is kept, and what closes an item."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from drift.choices import ItemState, Kind
from drift.errors import ItemClosed
from drift.glance import glance, states
from drift.judge import Judgement
from drift.models import DriftItem
from drift.move import move
from drift.note import Became, note
from snapshotter import store
from snapshotter.choices import LiveState, SyncKind, SyncState
from snapshotter.models import Sync, WorkflowState
from snapshotter.work import run_due


@pytest.fixture
def since(orders):
    return lambda: glance(states().get(workflow=orders))


GONE = Judgement(live_state=LiveState.MISSING, kinds=(Kind.DELETED,), found="f" * 64)


def changed_states():
    return AuditEntry.objects.filter(event="drift.changed").count()


def test_a_publish_that_runs_is_no_drift(orders, queued, since):
    before, sync = since(), queued()
    assert note(orders, GONE, since=since()).became == Became.LEFT_OUT
    assert note(orders, GONE, since=before).became == Became.LEFT_OUT
    run_due()
    assert Sync.objects.get(pk=sync.pk).state == SyncState.SUCCEEDED
    assert note(orders, GONE, since=before).became == Became.LEFT_OUT
    assert not DriftItem.objects.exists() and WorkflowState.objects.get().live_state == LiveState.IN_SYNC


def test_a_publish_that_failed_meanwhile_has_overtaken_the_reading(orders, queued, since, dolphin):
    before, sync = since(), queued()
    dolphin.fault("status", "PUT", status=400, times=20)
    run_due()
    sync.refresh_from_db()
    WorkflowState.objects.filter(workflow=orders).update(lock=None)  # however it ended: nothing else moved
    assert note(orders, GONE, since=before).became == Became.LEFT_OUT


def test_another_check_has_overtaken_the_reading(orders, since, look_at):
    before = since()
    look_at()
    assert note(orders, GONE, since=before).became == Became.LEFT_OUT


def test_a_muted_item_stays_muted_and_speaks_only_of_what_is_grave(look_at, hands):
    hands.save(description="mine")
    item = look_at().item
    move(item, ItemState.MUTED, muted_until=timezone.now() + timedelta(days=1))
    hands.save(description="yours")
    assert look_at().item.state == ItemState.MUTED and changed_states() == 0
    hands.release("OFFLINE")
    assert look_at().item.state == ItemState.MUTED and changed_states() == 1


def test_what_was_found_is_kept(look_at, hands, orders):
    hands.save(description="mine")
    look_at()
    item = DriftItem.objects.get()
    kept = item.evidence["kept"]
    assert b'"description":"mine"' in store.get_content(item.content_hash).settings_json
    assert kept["label"] == orders.name and store.get_blob(kept["schedule"]) and store.get_blob(kept["layout"])


@pytest.mark.parametrize(
    ("kind", "state"), [(SyncKind.CAPTURE, ItemState.ADOPTED), (SyncKind.PUBLISH, ItemState.PUT_BACK)]
)
def test_an_act_that_succeeded_closes_its_item_in_its_own_name(look_at, hands, orders, kind, state):
    hands.save(description="mine")
    item = look_at().item
    done = Sync.objects.create(workflow=orders, kind=kind, state=SyncState.SUCCEEDED, actor_name="ops")
    DriftItem.objects.filter(pk=item.pk).update(sync=done)
    hands.save(description="")
    look_at()
    item.refresh_from_db()
    assert item.state == state
    with pytest.raises(ItemClosed):
        move(item, ItemState.MUTED)


def test_a_new_name_is_noted(look_at, hands, orders):
    hands.rename("orders renamed")
    look_at()
    orders.refresh_from_db()
    assert orders.name == "orders renamed" and orders.key == "orders"


def test_one_that_comes_back_is_deleted_no_more(look_at, hands, orders, since):
    assert note(orders, GONE, since=since()).became == Became.OPENED
    orders.refresh_from_db()
    assert orders.deleted_in_dolphin_at is not None
    assert look_at().item is None
    orders.refresh_from_db()
    assert orders.deleted_in_dolphin_at is None
