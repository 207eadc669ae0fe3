"""Two at once on one drift: real connections on MySQL."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.permissions import MANAGE_POLICY, TRIAGE_DRIFT, VIEW
from drift.acknowledge import acknowledge
from drift.adopt import adopt
from drift.choices import ItemState
from drift.models import DriftItem, IgnoreRule
from drift.mute import mute
from drift.put_back import Order, put_back
from drift.rules.ignore import Field, ignore
from drift.unmute import wake_due
from rollback.models import RollbackRequest
from snapshotter.models import Snapshot
from snapshotter.work import run_due
from tests.conftest import _person as person
from tests.drift.items import again, make_item
from tests.rollback.test_races import at_once

pytestmark = [pytest.mark.mysql, pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def oncall(project):
    return person("oncall", project, VIEW, TRIAGE_DRIFT, MANAGE_POLICY)


@pytest.fixture
def found(hands, look_at):
    hands.edit("echo theirs")
    return again(look_at().item)


def rows(event):
    return AuditEntry.objects.filter(event=event, outcome="ok").count()


def test_acknowledged_by_several_is_acknowledged_once(bare_orders, oncall):
    item = make_item(bare_orders)
    assert at_once(*[lambda: acknowledge(again(item), actor=oncall) for _ in range(4)]) == ["ok"] * 4
    assert (again(item).state, rows("drift.acknowledged")) == (ItemState.ACKNOWLEDGED, 1)


def test_a_mute_that_is_over_wakes_once_and_a_new_one_is_not_lost(bare_orders, oncall):
    item = make_item(bare_orders, state=ItemState.MUTED, muted_until=timezone.now() - timedelta(hours=1))
    until = timezone.now() + timedelta(hours=1)
    at_once(wake_due, wake_due, lambda: mute(again(item), until=until, reason="longer", actor=oncall))
    assert rows("drift.unmuted") <= 1
    assert (again(item).state, again(item).muted_until) == (ItemState.MUTED, until)


def test_adopted_twice_is_one_version(found, publisher):
    ends = at_once(*[lambda: adopt(again(found), actor=publisher, reason="agreed") for _ in range(2)])
    assert sorted(ends) == ["ok", "workflow_locked"]
    run_due()
    assert again(found).state == ItemState.ADOPTED
    assert Snapshot.objects.filter(workflow_id="orders").count() == 3


def test_put_back_twice_is_one_request(found, publisher):
    order = Order(reason="not agreed", acknowledged=("schedule_on",))
    ends = at_once(*[lambda: put_back(again(found), order, actor=publisher) for _ in range(2)])
    assert sorted(ends) == ["already_requested", "ok"]
    run_due()
    assert again(found).state == ItemState.PUT_BACK
    assert RollbackRequest.objects.filter(workflow=found.workflow).count() == 1


def test_adopt_and_put_back_at_once_end_in_one_of_them(found, publisher):
    order = Order(reason="not agreed", acknowledged=("schedule_on",))
    ends = at_once(
        lambda: adopt(again(found), actor=publisher, reason="agreed"),
        lambda: put_back(again(found), order, actor=publisher),
    )
    assert "ok" in ends
    run_due()
    closed = again(found)
    assert closed.state in (ItemState.ADOPTED, ItemState.PUT_BACK)
    assert rows("drift.adopted") + rows("drift.put_back") == 1
    assert DriftItem.objects.standing().filter(workflow=found.workflow).count() == 0


def test_ignored_by_two_is_one_rule(bare_orders, project, oncall):
    make_item(bare_orders)
    field = Field(path="tasks.*.taskParams.rawScript", reason="tuned")
    assert at_once(*[lambda: ignore(project, field, actor=oncall) for _ in range(3)]) == ["ok"] * 3
    assert IgnoreRule.objects.filter(project=project).count() == rows("drift.ignored") == 1
    assert rows("drift.resolved") == 1
