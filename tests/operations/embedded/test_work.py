"""The embedded worker's loop: it runs what is due, rests when nothing is, outlives a database that is away, stops when told."""

import threading

import pytest
from django.db import connection

from operations.embedded.work import _AFTER_ERROR, PAUSE, work
from snapshotter.models import Sync
from tests.operations.rounds import Rounds, database_away_once

# The loop closes connections it finds inside a transaction, such as a test's.
pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_due_is_run_and_then_it_rests(request_publish, make_definition):
    request_publish(make_definition())
    stop = Rounds(3)
    work(stop)
    assert Sync.objects.get().state == "succeeded"
    assert stop.waits == [PAUSE, PAUSE]  # the first round had something to do


def test_a_database_that_is_away_is_waited_for(request_publish, make_definition):
    request_publish(make_definition())
    stop = Rounds(2)
    with database_away_once():
        work(stop)
    assert stop.waits == [_AFTER_ERROR]
    assert Sync.objects.get().state == "succeeded"


def test_it_stops_when_told(db):
    stop = threading.Event()
    stop.set()
    work(stop)


def test_it_stops_in_the_middle_of_a_rest(settings):
    stop = threading.Event()
    worker = threading.Thread(target=_work_and_close, args=(stop,))
    worker.start()
    stop.set()
    worker.join(10)
    assert not worker.is_alive()


def _work_and_close(stop):
    try:
        work(stop)
    finally:
        connection.close()
