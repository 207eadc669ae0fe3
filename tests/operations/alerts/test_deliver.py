"""Sending: once, the same again until it is taken, given up after a day; one channel's trouble is no other's, and no publish's."""

import json
import threading

import pytest
from django.db import connection
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from audit.record import record
from catalog.models import Deployment
from catalog.secrets_at_rest import encrypt
from operations.alerts import deliver as module
from operations.alerts.choices import State
from operations.alerts.deliver import GIVE_UP, deliver, deliver_channel, deliver_due, deliver_next
from operations.alerts.models import AlertChannel, AlertDelivery
from operations.alerts.send_again import send_again
from operations.alerts.test_channel import test_channel as send_test
from snapshotter.webhooks import signing
from tests.operations.alerts.conftest import make_due
from tests.operations.alerts.slow import Slow


@pytest.fixture
def waiting(rule, instance, follow):
    record("instance.paused", actor=SYSTEM, target=instance, reason="the token was refused")
    follow()
    return AlertDelivery.objects.get()


def fresh(row):
    row.refresh_from_db()
    return row


def test_it_arrives_signed_and_once(waiting, channel, receiver):
    assert (deliver_due(60), deliver_due(60)) == (1, 0)
    ((path, headers, body),) = receiver.got
    stamp = int(headers[signing.TIMESTAMP])
    assert path == "/hook"
    assert headers[signing.SIGNATURE] == signing.sign(channel.secret, stamp, body)
    said = json.loads(body)
    assert (said["delivery"], headers[signing.DELIVERY]) == (str(waiting.delivery_id),) * 2
    assert (said["event"], said["cause"], said["kind"], said["severity"]) == (
        *("alert", "instance.paused", "instance_paused", "high"),
    )
    row = fresh(waiting)
    assert (row.state, row.http_status, row.attempts, row.error) == (State.DELIVERED, 204, 1, "")


@pytest.mark.parametrize("status", [301, 404, 500])
def test_what_is_not_taken_is_sent_again_later_and_says_the_same(status, waiting, receiver):
    receiver.answers.append(status)
    deliver_due(60)
    row = fresh(waiting)
    assert (row.state, row.http_status, row.error) == (State.PENDING, status, f"HTTP {status}")
    assert row.due_at > timezone.now()
    assert deliver_due(60) == 0
    make_due()
    deliver_due(60)
    first, second = receiver.got
    assert first[2] == second[2] and fresh(waiting).state == State.DELIVERED


def test_a_channel_that_fails_is_left_alone_and_the_others_are_not(waiting, make_channel, make_rule, receiver, follow):
    dead = make_channel("webhook", "http://127.0.0.1:9/hook", name="dead")
    make_rule(channel=dead, name="to nobody")
    record("webhook.given_up", actor=SYSTEM, target=waiting.channel)
    record("fire.missed", actor=SYSTEM, target=waiting.channel)
    follow()
    deliver_due(60)
    kinds = [json.loads(body)["kind"] for _path, _headers, body in receiver.got]
    assert kinds == ["instance_paused", "webhook_given_up", "fire_missed"]
    tried, untried = AlertDelivery.objects.filter(channel=dead).order_by("id")
    assert (tried.attempts, tried.error, untried.attempts) == (1, "ConnectionError", 0)
    dead.refresh_from_db()
    assert dead.failures == 1 and dead.due_at is not None


def test_pauses_grow_and_have_an_end(waiting, receiver):
    assert [module._pause(failures, 3600.0) for failures in (0, 1, 2, 3, 4, 9, 10, 10**6)] == [
        *(10, 10, 20, 40, 80, 2560, 3600, 3600),
    ]
    AlertChannel.objects.update(failures=10**6)
    AlertDelivery.objects.update(attempts=10**6)
    receiver.answers.append(500)
    deliver_due(60)
    assert AlertChannel.objects.get().failures == 10**6 + 1
    assert fresh(waiting).due_at > AlertChannel.objects.get().due_at


def test_it_is_given_up_after_a_day_and_nobody_is_told_of_that(waiting, receiver, follow):
    AlertDelivery.objects.update(attempts=20, begun_at=timezone.now() - GIVE_UP)
    receiver.answers.append(500)
    deliver_due(60)
    assert fresh(waiting).state == State.GIVEN_UP
    entry = AuditEntry.objects.get(event="alert.given_up")
    assert (entry.outcome, entry.additional_data["kind"]) == ("failed", "instance_paused")
    follow()
    assert AlertDelivery.objects.count() == 1


def test_sent_again_by_hand(waiting, receiver, root):
    deliver_due(60)
    send_again(fresh(waiting), actor=root)
    deliver_due(60)
    first, second = receiver.got
    assert first[2] == second[2] and fresh(waiting).state == State.DELIVERED


def test_a_sender_killed_between_sending_and_noting_it_sends_it_again_with_the_same_id(waiting, receiver, monkeypatch):
    real = module._delivered

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_delivered", die)
    with pytest.raises(KeyboardInterrupt):
        deliver_due(60)
    monkeypatch.setattr(module, "_delivered", real)
    assert (fresh(waiting).state, deliver_due(60)) == (State.PENDING, 0)  # claimed, by one who is dead
    make_due()
    assert deliver_due(60) == 1
    first, second = receiver.got
    assert first[2] == second[2] and first[1][signing.DELIVERY] == second[1][signing.DELIVERY]
    assert fresh(waiting).attempts == 2


def test_a_sender_that_was_taken_over_notes_nothing(waiting, receiver, monkeypatch):
    real = module._send

    def slow(row):
        make_due()
        monkeypatch.setattr(module, "_send", real)
        assert deliver(row.pk)
        return module.Sent("too late")

    monkeypatch.setattr(module, "_send", slow)
    deliver(waiting.pk)
    assert (fresh(waiting).state, waiting.error, waiting.attempts) == (State.DELIVERED, "", 2)


def test_a_copied_database_tells_nobody(waiting, receiver):
    Deployment.objects.update(identity="production")
    assert deliver_due(60) == 0
    assert (receiver.got, fresh(waiting).attempts) == ([], 0)


def test_an_address_that_can_not_be_read(waiting, receiver):
    AlertChannel.objects.update(address_encrypted="x")
    deliver_due(60)
    assert (receiver.got, fresh(waiting).error) == ([], "token_unreadable")


def test_one_channel_has_a_sender_of_its_own(waiting, channel, make_channel, root, receiver):
    other = make_channel("webhook", f"{receiver.url}/other", name="other")
    send_test(other, actor=root)
    assert deliver_channel(other.pk, 60) == 1
    assert [path for path, _headers, _body in receiver.got] == ["/other"]


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_a_publish_and_the_other_channels_go_on_while_a_receiver_hangs(
    make_channel, make_rule, run_publish, make_definition, receiver, follow
):
    """Each sender holds one message and no lock: the publish ends, and is told to the other channel, before the first has answered."""
    if connection.vendor != "mysql":
        pytest.skip("SQLite has one writer, and its tests one connection")
    with Slow() as slow:
        hanging = make_channel("webhook", f"{slow.url}/slow", name="slow")
        make_rule(name="quick")
        make_rule(channel=hanging, name="slow")
        run_publish(make_definition())
        follow()
        sender = threading.Thread(target=_and_close, args=(deliver_next, hanging.pk))
        sender.start()
        assert slow.come.wait(30)
        assert run_publish(make_definition("echo meanwhile")).state == "succeeded"
        follow()
        quick = AlertChannel.objects.get(name="ops")
        assert deliver_channel(quick.pk, 30) == 2
        assert [json.loads(body)["workflow"] for _path, _headers, body in receiver.got] == ["orders", "orders"]
        assert slow.got == []
        slow.may_answer.set()
        sender.join(30)
    assert not sender.is_alive()


def _and_close(work, *args):
    try:
        work(*args)
    finally:
        connection.close()


def test_a_message_that_can_not_be_composed_whole_is_sent_all_the_same(
    rule, run_publish, make_definition, told, monkeypatch
):
    from operations.alerts import message

    def broken(_found):
        raise RuntimeError("c4n4ry")

    monkeypatch.setattr(message, "difference_of", broken)
    run_publish(make_definition())
    (said,) = told("publish_done")
    assert said["message"]["sentences"] == [] and "orders" in said["message"]["title"]


def test_a_message_that_can_not_be_composed_at_all_is_told_in_one_line(waiting, receiver, monkeypatch):
    def broken(_row):
        raise RuntimeError

    monkeypatch.setattr(module, "message_of", broken)
    deliver_due(60)
    ((_path, _headers, body),) = receiver.got
    said = json.loads(body)["message"]
    assert (said["title"], said["facts"]) == ("[high] Calls to DolphinScheduler were stopped: sandbox", [])


def test_what_nobody_has_thought_of_holds_up_that_channel_alone(waiting, make_channel, make_rule, receiver, follow):
    """An address that became unreadable in its own way."""
    odd = make_channel("webhook", f"{receiver.url}/odd", name="odd")
    make_rule(channel=odd, name="odd")
    AlertChannel.objects.filter(pk=odd.pk).update(address_encrypted=encrypt('{"url": 7}'))
    record("webhook.given_up", actor=SYSTEM, target=waiting.channel)
    follow()
    deliver_due(60)
    assert len(receiver.got) == 2
    row = AlertDelivery.objects.get(channel=odd)
    assert (row.state, row.error, row.attempts) == (State.PENDING, "KeyError", 1)


def test_addresses_and_secrets_are_never_logged(make_channel, make_rule, instance, follow, caplog, root, receiver):
    robot = make_channel("dingtalk", "http://127.0.0.1:9/send?access_token=c4n4ry-token", "c4n4ry-secret")
    caplog.set_level("DEBUG")
    caplog.set_level("INFO", "urllib3")  # as the settings have it
    send_test(robot, actor=root)
    deliver_due(60)
    row = AlertDelivery.objects.get(channel=robot)
    assert row.error == "ConnectionError"
    trail = [str(entry) + str(entry.additional_data) + str(entry.changes) for entry in AuditEntry.objects.all()]
    assert "c4n4ry" not in caplog.text + "".join(trail) + json.dumps(row.message) + robot.address_encrypted
