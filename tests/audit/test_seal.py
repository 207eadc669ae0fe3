"""The sealer: every committed entry once, in one chain, whatever the order of ids and however many sealers there are."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections, transaction

from audit import seal as sealing
from audit.actors import SYSTEM
from audit.keys import keys
from audit.models import AuditChain, AuditEntry, AuditSeal, TrailIsFinal
from audit.record import record
from audit.seal import seal
from audit.verify_audit import verify

pytestmark = pytest.mark.database


def chain():
    return list(AuditSeal.objects.order_by("sequence").values_list("sequence", "entry_id"))


def test_each_entry_gets_its_place(write):
    first = write(2)
    assert (seal(), seal()) == (2, 0)
    second = write(1)
    assert seal() == 1
    assert chain() == [(index, entry.pk) for index, entry in enumerate([*first, *second], 1)]
    head, last = AuditChain.objects.get(), AuditSeal.objects.get(sequence=3)
    assert (head.sequence, head.hash) == (3, last.hash)
    assert last.key_id == keys()[0].id and AuditSeal.objects.values("hash").distinct().count() == 3


def test_nothing_to_seal_makes_no_row(db):
    assert seal() == 0
    assert not AuditSeal.objects.exists()


def test_long_queues_are_sealed_in_batches_oldest_first(write, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    ids = [entry.pk for entry in write(7)]
    assert [seal() for _ in range(4)] == [3, 3, 1, 0]
    assert [entry for _, entry in chain()] == ids


def test_the_head_is_logged(write, caplog):
    write(2)
    with caplog.at_level(logging.INFO, "audit"):
        seal()
    head = AuditChain.objects.get()
    assert caplog.records[-1].getMessage() == f"event=audit.sealed sequence=2 hash={head.hash} entries=2"


def test_an_entry_below_sealed_ones_is_found(write, sql):
    """As when its transaction took an earlier id and committed later."""
    entries = write(3)
    kept = _take_away(entries[1], sql)
    assert seal() == 2
    _put_back(kept)
    assert seal() == 1
    assert [entry for _, entry in chain()] == [entries[0].pk, entries[2].pk, entries[1].pk]


def test_one_that_commits_very_late_is_found_by_the_second_look(write, sql, later, monkeypatch):
    monkeypatch.setattr(sealing, "SLICE", 2)
    entries = write(6)
    AuditChain.objects.create(looked=entries[0].pk - 1)
    kept = _take_away(entries[3], sql)
    seal()
    later(hours=1)
    assert seal() == 0
    assert AuditChain.objects.get().settled == entries[5].pk
    _put_back(kept)
    rounds = []
    for _ in range(6):
        later(hours=1)
        rounds.append(seal())
    assert sum(rounds) == 1
    assert not AuditEntry.objects.unsealed().exists()
    assert verify(actor=SYSTEM).found == 0


def test_an_idle_round_writes_nothing(sealed, later, django_assert_num_queries):
    later(hours=1)
    seal(), seal()
    with django_assert_num_queries(5) as asked:  # head, entries, oldest settled, and the savepoint's two
        assert seal() == 0
    assert not [query for query in asked if query["sql"].startswith(("UPDATE", "INSERT"))]


def test_a_lost_head_goes_on_where_the_seals_end(sealed, write, sql):
    sql("DELETE FROM audit_chain")
    write(1)
    assert seal() == 1
    assert verify(actor=SYSTEM).found == 0


def test_seals_are_final(sealed):
    row = AuditSeal.objects.all()
    for change in (lambda: row.update(hash=""), row.delete):
        with pytest.raises(TrailIsFinal):
            change()


def test_an_act_that_is_rolled_back_has_no_seal(write, person):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("thing.done", actor=person, target=person)
        raise ZeroDivisionError
    write(1)
    assert seal() == 1


def test_an_entry_put_in_by_hand_is_sealed_and_cried_out(write, sql, caplog):
    (entry,) = write(1)
    sql("UPDATE audit_entry SET mark = NULL WHERE id = %s", entry.pk)
    with caplog.at_level(logging.WARNING, "audit"):
        assert seal() == 1
    (said,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert said.startswith(f"event=audit.not_ours entry={entry.pk} told=thing.done_0 at=")


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time there")
def test_a_transaction_that_commits_behind_others_is_sealed_and_holds_nobody_up(db):
    person = User.objects.create_user("li.na")
    written, go = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                record("thing.slow", actor=person, target=person)
                written.set()
                assert go.wait(30)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(30)
    record("thing.quick", actor=person, target=person)
    assert seal() == 1
    go.set()
    thread.join(30)
    assert seal() == 1
    events = AuditSeal.objects.order_by("sequence").values_list("entry__event", flat=True)
    assert list(events) == ["thing.quick", "thing.slow"]
    assert AuditEntry.objects.get(event="thing.slow").pk < AuditEntry.objects.get(event="thing.quick").pk
    assert verify(actor=SYSTEM).found == 0


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time there")
def test_many_sealers_make_one_chain(db):
    person = User.objects.create_user("li.na")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: _writer(person, n) if n % 2 else _sealer(), range(16)))
    while seal():
        pass
    assert [sequence for sequence, _ in chain()] == list(range(1, 8 * 20 + 1))
    assert verify(actor=SYSTEM).found == 0


def _writer(person, number):
    try:
        for index in range(20):
            record(f"thing.done_{index}", actor=person, target=person, reason=str(number))
    finally:
        connections.close_all()


def _sealer():
    try:
        for _ in range(20):
            seal()
    finally:
        connections.close_all()


def _take_away(entry, sql):
    row = AuditEntry.objects.get(pk=entry.pk)
    sql("DELETE FROM audit_entry WHERE id = %s", entry.pk)
    return row


def _put_back(row):
    AuditEntry.objects.bulk_create([row])
