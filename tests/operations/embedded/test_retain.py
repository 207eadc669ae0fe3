"""The embedded deleter's loop: it beats, deletes what is due, outlives a database that is away, stops when told."""

import threading

import pytest

from operations import heartbeat
from operations.embedded.retain import _AFTER_ERROR, PAUSE, keep_deleting, start_retainer
from operations.metrics.models import WorkerBeat
from operations.retention.models import RetentionMark
from tests.operations.rounds import Rounds, database_away_once

# The loop closes connections, a test's transaction with them.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh():
    heartbeat.forget()
    yield
    heartbeat.forget()


def test_a_pass_and_then_it_rests():
    stop = Rounds(2)
    keep_deleting(stop)
    assert stop.waits == [PAUSE, PAUSE]
    assert RetentionMark.objects.get().done_at is not None
    assert WorkerBeat.objects.filter(name="retain").exists()


def test_a_database_that_is_away_is_waited_for():
    stop = Rounds(2)
    with database_away_once():
        keep_deleting(stop)
    assert stop.waits == [_AFTER_ERROR, PAUSE]
    assert RetentionMark.objects.get().done_at is not None


def test_the_thread_ends_when_told():
    stop = threading.Event()
    thread = start_retainer(stop)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
