"""The embedded reader's loop: it computes what is missing, outlives a database that is away, stops when told."""

import threading

import pytest

from operations.embedded.derive import _AFTER_ERROR, PAUSE, derive, start_deriver
from snapshotter.choices import Trigger
from snapshotter.import_snapshot import import_snapshot
from snapshotter.make_snapshot import Origin
from snapshotter.models import ContentLineage
from tests.operations.rounds import Rounds, database_away_once

# The loop closes connections, a test's transaction with them.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def version(project, manager, make_definition):
    origin = Origin(trigger=Trigger.API)
    return import_snapshot(
        make_definition("hive -e 'select * from a.b'"),
        project=project,
        workflow_key="orders",
        origin=origin,
        actor=manager,
    )[0]


def test_what_is_missing_is_computed_and_then_it_rests(version):
    stop = Rounds(2)
    derive(stop)
    assert (ContentLineage.objects.get().state, stop.waits) == ("done", [PAUSE])


def test_a_database_that_is_away_is_waited_for(version):
    stop = Rounds(2)
    with database_away_once():
        derive(stop)
    assert stop.waits == [_AFTER_ERROR]
    assert ContentLineage.objects.get().state == "done"


def test_the_thread_ends_when_told():
    stop = threading.Event()
    thread = start_deriver(stop)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
