"""The ways out that only say something: acknowledge, assign, mute and unmute. Each: works, refused, closed, twice, its row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed, NotFound
from catalog.permissions import TRIAGE_DRIFT, VIEW
from drift.acknowledge import acknowledge
from drift.assign import assign
from drift.choices import ItemState
from drift.errors import ItemClosed, NotMuted
from drift.models import DriftItem
from drift.move import move
from drift.mute import mute
from drift.unmute import unmute, wake_due
from tests.conftest import _person as person
from tests.drift.items import again, make_item

HOUR = timedelta(hours=1)


@pytest.fixture
def oncall(project):
    return person("oncall", project, VIEW, TRIAGE_DRIFT)


@pytest.fixture
def item(bare_orders):
    return make_item(bare_orders)


def rows(event):
    return list(AuditEntry.objects.filter(event=event).order_by("id").values_list("outcome", "actor_name", "reason"))


VERBS = {
    "acknowledge": lambda item, who: acknowledge(item, actor=who),
    "assign": lambda item, who: assign(item, name="", actor=who),
    "mute": lambda item, who: mute(item, until=timezone.now() + HOUR, reason="known", actor=who),
    "unmute": lambda item, who: unmute(item, actor=who),
}


@pytest.mark.parametrize("name", VERBS)
def test_it_needs_the_right(item, name, viewer, outsider):
    with pytest.raises(NotAllowed) as caught:
        VERBS[name](item, viewer)
    assert caught.value.extra["permission"] == TRIAGE_DRIFT
    with pytest.raises(NotFound):
        VERBS[name](item, outsider)
    assert [row[:2] for row in rows(f"drift.{name}_refused")] == [("refused", "viewer"), ("refused", "outsider")]
    assert again(item).state == ItemState.OPEN


@pytest.mark.parametrize("name", VERBS)
def test_what_is_closed_stays_closed(item, name, oncall):
    move(item, ItemState.RESOLVED)
    with pytest.raises(ItemClosed) as caught:
        VERBS[name](again(item), oncall)
    assert caught.value.extra["state"] == ItemState.RESOLVED


def test_one_that_looked_before_it_was_closed_is_told(item, oncall):
    seen = again(item)
    move(item, ItemState.PUT_BACK)
    with pytest.raises(ItemClosed):
        acknowledge(seen, actor=oncall)


def test_acknowledged_once(item, oncall):
    acknowledge(item, actor=oncall, reason="password=hunter2 was tried")
    acknowledge(again(item), actor=oncall)
    assert again(item).state == ItemState.ACKNOWLEDGED
    ((outcome, who, reason),) = rows("drift.acknowledged")
    assert (outcome, who) == ("ok", "oncall") and "hunter2" not in reason


def test_assigned_to_somebody_who_may_see_it(item, oncall, viewer, outsider):
    assign(item, name="viewer", actor=oncall)
    assign(again(item), name="viewer", actor=oncall)
    assert again(item).assignee == viewer
    assert AuditEntry.objects.get(event="drift.assigned").changes == {"assignee": ["", "viewer"]}
    said = []
    for name in ("outsider", "nobody-of-this-name"):
        with pytest.raises(InvalidRequest) as caught:
            assign(again(item), name=name, actor=oncall)
        said.append(str(caught.value))
    assert said[0] == said[1], "who has an account is not told"
    with pytest.raises(NotAllowed):  # before the name is looked up
        assign(again(item), name="nobody-of-this-name", actor=viewer)
    assign(again(item), name="", actor=oncall)
    assert again(item).assignee is None


def test_muted_and_woken(item, oncall):
    until = timezone.now() + HOUR
    mute(item, until=until, reason="a migration", actor=oncall)
    assert (again(item).state, again(item).muted_until) == (ItemState.MUTED, until)
    assert wake_due() == 0
    unmute(again(item), actor=oncall)
    assert (again(item).state, again(item).muted_until) == (ItemState.OPEN, None)
    with pytest.raises(NotMuted):
        unmute(again(item), actor=oncall)
    assert rows("drift.muted") == [("ok", "oncall", "a migration")]


@pytest.mark.parametrize("after", [-HOUR, timedelta(0), timedelta(days=90, minutes=1)])
def test_a_mute_is_bounded(item, oncall, after):
    with pytest.raises(InvalidRequest):
        mute(item, until=timezone.now() + after, reason="known", actor=oncall)


def test_a_mute_needs_a_reason(item, oncall):
    with pytest.raises(InvalidRequest):
        mute(item, until=timezone.now() + HOUR, reason="  ", actor=oncall)


def test_it_opens_by_itself_when_its_time_is_over(item, oncall):
    mute(item, until=timezone.now() + HOUR, reason="known", actor=oncall)
    DriftItem.objects.filter(pk=item.pk).update(muted_until=timezone.now() - HOUR)
    assert (wake_due(), wake_due()) == (1, 0)
    assert again(item).state == ItemState.OPEN
    assert rows("drift.unmuted") == [("ok", "system", "Its time is over.")]
