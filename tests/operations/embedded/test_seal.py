"""The embedded sealer's loop: it seals and verifies, outlives a database that is away, stops when told."""

import threading

import pytest
from django.contrib.auth.models import User

from audit.models import AuditEntry, AuditSeal, AuditVerification
from audit.record import record
from audit.verify_audit import ask
from operations.embedded.seal import _AFTER_ERROR, PAUSE, seal_and_verify, start_sealer
from operations.tasks import seal_trail
from tests.operations.rounds import Rounds, database_away_once

# The loop closes connections, a test's transaction with them.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(transactional_db):
    return User.objects.create_superuser("li.na")


def test_what_was_done_is_sealed_and_what_was_asked_for_verified_and_then_it_rests(person):
    record("thing.done", actor=person, target=person)
    row = ask(actor=person)
    stop = Rounds(3)
    seal_and_verify(stop)
    row.refresh_from_db()
    assert (row.is_sound, row.checked, stop.waits) == (True, 2, [PAUSE])
    assert AuditSeal.objects.count() == AuditEntry.objects.count() == 3, "the verification's own entry too"


def test_a_database_that_is_away_is_waited_for(person):
    record("thing.done", actor=person, target=person)
    stop = Rounds(2)
    with database_away_once():
        seal_and_verify(stop)
    assert (stop.waits, AuditSeal.objects.count()) == ([_AFTER_ERROR], 1)


def test_the_task_does_the_same(person):
    row = ask(actor=person)
    seal_trail()
    assert AuditVerification.objects.get(pk=row.pk).is_sound
    assert AuditSeal.objects.count() == AuditEntry.objects.count() == 2


def test_the_thread_ends_when_told():
    stop = threading.Event()
    thread = start_sealer(stop)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
