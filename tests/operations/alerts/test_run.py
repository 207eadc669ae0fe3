"""The embedded alerts' loop: it looks, follows and sends, outlives a database that is away, stops when told."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from audit.seal import seal
from operations.alerts import watch as module
from operations.alerts.models import AlertDelivery, AlertNotice
from operations.alerts.run import _AFTER_ERROR, PAUSE, alerts, start_alerts
from operations.alerts.watch import watch
from snapshotter.models import WorkflowState
from tests.operations.rounds import Rounds, database_away_once

# The loop closes connections, a test's transaction with them.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(rule, request_publish, make_definition):
    """A workflow that nobody lets go."""
    request_publish(make_definition())
    WorkflowState.objects.update(locked_at=timezone.now() - timedelta(hours=2))


def test_what_is_found_is_told_and_then_it_rests(held, receiver):
    alerts(Rounds(1))
    assert AuditEntry.objects.filter(event="lock.stuck").count() == 1 and receiver.got == []
    seal()
    stop = Rounds(2)
    alerts(stop)
    assert (len(receiver.got), AlertDelivery.objects.get().state, stop.waits) == (1, "delivered", [PAUSE])


def test_a_database_that_is_away_is_waited_for(held):
    stop = Rounds(2)
    with database_away_once():
        alerts(stop)
    assert stop.waits == [_AFTER_ERROR]
    assert AuditEntry.objects.filter(event="lock.stuck").count() == 1


def test_of_two_that_look_at_once_one_notes_it(held, monkeypatch):
    """The other one notes it between our look at what is known and our note."""
    real = module._once

    def meanwhile(key, note):
        monkeypatch.setattr(module, "_once", real)
        assert watch() == 1
        return real(key, note)

    monkeypatch.setattr(module, "_once", meanwhile)
    assert watch() == 0
    assert (AlertNotice.objects.count(), AuditEntry.objects.filter(event="lock.stuck").count()) == (1, 1)


def test_it_has_a_thread_of_its_own_and_stops_when_told():
    stop = threading.Event()
    stop.set()
    thread = start_alerts(stop)
    thread.join(10)
    assert not thread.is_alive()
