"""The embedded sender's loop: it sends what is due, outlives a database that is away, stops when told."""

import threading

import pytest

from operations.embedded.send import _AFTER_ERROR, PAUSE, send, start_sender
from snapshotter.models import WebhookDelivery
from snapshotter.webhooks.add import add_webhook
from snapshotter.webhooks.approve import approve_webhook
from snapshotter.webhooks.ping import test_webhook as ping
from tests.operations.rounds import Rounds, database_away_once
from tests.snapshotter.receiver import Receiver

# The loop closes connections, a test's transaction with them.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver():
    with Receiver() as server:
        yield server


@pytest.fixture
def hook(project, manager, root, receiver):
    endpoint, _ = add_webhook(project, url=f"{receiver.url}/hook", actor=manager)
    approve_webhook(endpoint, actor=root)
    endpoint.refresh_from_db()
    return endpoint


def test_what_is_due_is_sent_and_then_it_rests(hook, manager, receiver):
    ping(hook, actor=manager)
    stop = Rounds(2)
    send(stop)
    assert (WebhookDelivery.objects.get().state, len(receiver.got), stop.waits) == ("delivered", 1, [PAUSE])


def test_a_database_that_is_away_is_waited_for(hook, manager, receiver):
    ping(hook, actor=manager)
    stop = Rounds(2)
    with database_away_once():
        send(stop)
    assert (stop.waits, len(receiver.got)) == ([_AFTER_ERROR], 1)


def test_it_has_a_thread_of_its_own_and_stops_when_told():
    stop = threading.Event()
    stop.set()
    thread = start_sender(stop)
    thread.join(10)
    assert not thread.is_alive()
