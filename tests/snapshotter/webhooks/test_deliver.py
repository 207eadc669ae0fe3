"""Sending the outbox: signed, at least once, with growing pauses, given up in the end, never from a copied database."""

import hmac
import json
import time

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.models import Deployment
from snapshotter.choices import DeliveryState
from snapshotter.models import WebhookDelivery, WebhookEndpoint
from snapshotter.webhooks import signing
from snapshotter.webhooks.deliver import MAX_ATTEMPTS, deliver, deliver_due
from snapshotter.webhooks.ping import test_webhook as ping


@pytest.fixture
def waiting(hook, manager):
    return ping(hook, actor=manager)


def make_due(row):
    WebhookDelivery.objects.filter(pk=row.pk).update(due_at=timezone.now() - timezone.timedelta(seconds=1))


def fresh(row):
    row.refresh_from_db()
    return row


def test_it_arrives_signed_and_once(waiting, hook, receiver):
    assert (deliver_due(), deliver_due()) == (1, 0)
    ((path, headers, body),) = receiver.got
    assert (path, headers["Content-Type"]) == ("/hook", "application/json")
    assert (headers[signing.EVENT], headers[signing.DELIVERY]) == ("ping", str(waiting.delivery_id))
    stamp = headers[signing.TIMESTAMP]
    assert abs(time.time() - int(stamp)) < 60
    expected = hmac.new(hook.secret.encode(), f"{stamp}.".encode() + body, "sha256").hexdigest()
    assert headers[signing.SIGNATURE] == f"v1={expected}"
    assert json.loads(body)["delivery"] == str(waiting.delivery_id)
    row = fresh(waiting)
    assert (row.state, row.http_status, row.attempts) == (DeliveryState.DELIVERED, 204, 1)
    assert row.delivered_at is not None
    assert hook.secret not in body.decode() and hook.secret not in hook.secret_encrypted


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500])
def test_what_is_not_taken_is_sent_again_later(status, waiting, receiver):
    receiver.answers.append(status)
    deliver_due()
    row = fresh(waiting)
    assert (row.state, row.http_status, row.error) == (DeliveryState.PENDING, status, f"HTTP {status}")
    assert row.due_at > timezone.now() + timezone.timedelta(seconds=5)
    assert [path for path, _, _ in receiver.got] == ["/hook"], "no redirect is followed"
    assert deliver_due() == 0
    make_due(row)
    deliver_due()
    assert fresh(waiting).state == DeliveryState.DELIVERED
    first, second = receiver.got
    assert first[2] == second[2] and first[1][signing.DELIVERY] == second[1][signing.DELIVERY]


def test_nobody_there(waiting):
    WebhookEndpoint.objects.update(url="http://127.0.0.1:9/hook")
    deliver_due()
    assert (fresh(waiting).state, fresh(waiting).error) == (DeliveryState.PENDING, "ConnectionError")


def test_it_is_given_up_in_the_end(waiting, receiver):
    WebhookDelivery.objects.update(attempts=MAX_ATTEMPTS - 1)
    receiver.answers.append(500)
    deliver_due()
    assert fresh(waiting).state == DeliveryState.GIVEN_UP
    entry = AuditEntry.objects.get(event="webhook.given_up")
    assert (entry.outcome, entry.additional_data["event"]) == ("failed", "ping")


def test_a_sender_that_died_is_followed_by_another(waiting, receiver):
    WebhookDelivery.objects.update(attempts=1, due_at=timezone.now() + timezone.timedelta(seconds=60))  # claimed
    assert deliver(waiting.pk) is False
    make_due(waiting)
    assert deliver(waiting.pk) is True
    assert (fresh(waiting).state, fresh(waiting).attempts) == (DeliveryState.DELIVERED, 2)


@pytest.mark.parametrize("change", [{"ended_at": timezone.now()}, {"approved_at": None}])
def test_nothing_goes_to_an_address_that_lost_its_approval(change, waiting, receiver):
    WebhookEndpoint.objects.update(**change)
    deliver_due()
    assert (receiver.got, fresh(waiting).error) == ([], "the address is not approved")


def test_a_secret_that_can_not_be_read(waiting, receiver):
    WebhookEndpoint.objects.update(secret_encrypted="x")
    deliver_due()
    assert (receiver.got, fresh(waiting).error) == ([], "token_unreadable")


def test_a_copied_database_tells_nobody(waiting, receiver):
    Deployment.objects.update(identity="production")
    assert deliver_due() == 0
    assert (receiver.got, fresh(waiting).attempts) == ([], 0)


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".test"])
def test_a_host_that_is_no_name_holds_up_nobody(waiting, hook, host):
    WebhookEndpoint.objects.update(url=f"http://{host}/hook")
    assert deliver(waiting.pk)
    assert (fresh(waiting).state, waiting.error) == (DeliveryState.PENDING, "LocationParseError")
