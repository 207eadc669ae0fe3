"""The embedded inspector's loop: it inspects, rests, outlives a database that is away, stops when told."""

import threading

import pytest

from drift.models import InspectionRun
from operations.embedded.inspect import _AFTER_ERROR, PAUSE, inspect, start_inspector
from tests.operations.rounds import Rounds, database_away_once

# The loop closes connections, a test's transaction with them.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def every(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "INSPECT_EVERY": 300}


def test_what_is_due_is_inspected_and_then_it_rests(project, every):
    stop = Rounds(2)
    inspect(stop)
    assert (InspectionRun.objects.get().state, stop.waits) == ("done", [PAUSE])


def test_a_database_that_is_away_is_waited_for(project, every):
    stop = Rounds(2)
    with database_away_once():
        inspect(stop)
    assert (stop.waits, InspectionRun.objects.count()) == ([_AFTER_ERROR], 1)


def test_the_thread_ends_when_told(transactional_db):
    stop = threading.Event()
    thread = start_inspector(stop)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
