"""Channels and rules: who may, what may stand in them, what they leave on the trail; secrets stay secret."""

from datetime import time

import pytest

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed, NotFound
from operations.alerts.add_channel import add_channel
from operations.alerts.add_rule import add_rule
from operations.alerts.change_rule import change_rule
from operations.alerts.choices import State
from operations.alerts.end_channel import end_channel
from operations.alerts.end_rule import end_rule
from operations.alerts.errors import AlertWaiting, ChannelEnded
from operations.alerts.models import AlertDelivery
from operations.alerts.send_again import send_again
from operations.alerts.test_channel import test_channel as send_test
from tests.operations.alerts.conftest import VALUES

URL = "https://oapi.dingtalk.com/robot/send?access_token=c4n4ry"


def last(event):
    return AuditEntry.objects.filter(event=event).latest("id")


def test_a_channel_keeps_its_address_to_itself(root):
    row, secret = add_channel("ops", kind="dingtalk", address=URL, secret="SECc4n4ry", actor=root)
    assert (row.shown, secret) == ("oapi.dingtalk.com", "")
    assert "c4n4ry" not in row.address_encrypted
    entry = last("alert.channel_added")
    assert "c4n4ry" not in f"{entry.additional_data} {entry.changes} {entry.target}"


def test_a_webhook_gets_a_secret_of_ours(root):
    _row, secret = add_channel("ops", kind="webhook", address="https://a.example/hook", actor=root)
    assert secret.startswith("whsec_")


@pytest.mark.parametrize(
    ("kind", "address", "secret"),
    [
        ("dingtalk", "ftp://a.example", ""),
        ("feishu", "https://user:c4n4ry@a.example/", ""),
        ("wecom", "https://a.example/ c4n4ry", ""),
        ("webhook", "", ""),
        ("dingtalk", "https://a.example/", "\u5bc6"),
        ("mail", "c4n4ry", ""),
        ("mail", " , ", ""),
        ("mail", ",".join(["a@example.com"] * 21), ""),
        ("pigeon", "https://a.example/", ""),
    ],
)
def test_what_is_no_address(kind, address, secret, root):
    with pytest.raises(InvalidRequest) as refused:
        add_channel("ops", kind=kind, address=address, secret=secret, actor=root)
    assert "c4n4ry" not in str(refused.value)


def test_only_superusers_touch_channels(channel, manager):
    for act in (
        lambda: add_channel("x", kind="webhook", address="https://a.example/", actor=manager),
        lambda: end_channel(channel, actor=manager),
        lambda: send_test(channel, actor=manager),
    ):
        with pytest.raises(NotAllowed):
            act()
        assert last("alert.channel_refused").outcome == "refused"


def test_an_ended_channel_is_sent_nothing(channel, root):
    row = send_test(channel, actor=root)
    assert (end_channel(channel, actor=root), end_channel(channel, actor=root)) == (True, False)
    row.refresh_from_db()
    assert (row.state, row.error) == (State.GIVEN_UP, "the channel was ended")
    for act in (lambda: send_test(channel, actor=root), lambda: send_again(row, actor=root)):
        with pytest.raises(ChannelEnded):
            act()
    with pytest.raises(InvalidRequest):
        add_rule(None, {**VALUES, "channel": channel}, actor=root)


def test_who_may_set_rules(project, channel, manager, publisher, outsider, root):
    values = {**VALUES, "channel": channel}
    rule = add_rule(project, values, actor=manager)
    assert last("alert.rule_added").scope == "sandbox/warehouse"
    everywhere = add_rule(None, values, actor=root)
    for actor, error, event in ((publisher, NotAllowed, "refused"), (outsider, NotFound, "refused")):
        for act in (
            lambda actor=actor: add_rule(project, values, actor=actor),
            lambda actor=actor: change_rule(rule, values, actor=actor),
            lambda actor=actor: end_rule(rule, actor=actor),
        ):
            with pytest.raises(error):
                act()
            assert last("alert.rule_refused").outcome == event
    with pytest.raises(NotAllowed):
        add_rule(None, values, actor=manager)
    with pytest.raises(NotAllowed):
        change_rule(everywhere, values, actor=manager)


def test_changing_a_rule_says_what_changed(project, channel, manager):
    rule = add_rule(project, {**VALUES, "channel": channel}, actor=manager)
    changed = change_rule(
        rule,
        {**VALUES, "channel": channel, "least": "high", "quiet_from": time(22), "quiet_to": time(7)},
        actor=manager,
    )
    assert (changed.least, changed.quiet_from) == ("high", time(22))
    assert last("alert.rule_changed").changes == {
        "least": ["low", "high"],
        "quiet_from": ["None", "22:00:00"],
        "quiet_to": ["None", "07:00:00"],
    }
    count = AuditEntry.objects.count()
    change_rule(changed, {name: getattr(changed, name) for name in [*VALUES, "channel"]}, actor=manager)
    assert AuditEntry.objects.count() == count
    assert (end_rule(rule, actor=manager), end_rule(rule, actor=manager)) == (True, False)
    with pytest.raises(NotFound):
        change_rule(changed, {**VALUES, "channel": channel}, actor=manager)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"kinds": ["nothing"]},
        {"least": "none"},
        {"language": "xx"},
        {"time_zone": "Mars/Base"},
        {"quiet_from": time(22)},
        {"quiet_from": time(7), "quiet_to": time(7)},
        {"channel": None},
    ],
)
def test_what_can_not_stand_in_a_rule(wrong, channel, root):
    with pytest.raises(InvalidRequest):
        add_rule(None, {**VALUES, "channel": channel, **wrong}, actor=root)


def test_what_is_on_its_way_is_not_sent_again(channel, root, manager):
    row = send_test(channel, actor=root)
    with pytest.raises(AlertWaiting):
        send_again(row, actor=root)
    AlertDelivery.objects.update(state=State.DELIVERED)
    with pytest.raises(NotAllowed):
        send_again(row, actor=manager)
    send_again(row, actor=root)
    assert last("alert.sent_again").additional_data["delivery"] == str(row.delivery_id)
