"""From the sealed trail to the outbox: each event once a rule, in order, however often a follower dies or several follow."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditSeal
from audit.record import record
from audit.seal import seal
from operations.alerts import follow as module
from operations.alerts.choices import Carries, State
from operations.alerts.follow import follow_due, reached
from operations.alerts.models import AlertCursor, AlertDelivery
from operations.alerts.put import ALIKE


def rows(**of):
    return AlertDelivery.objects.filter(**of).order_by("id")


def pause(instance, reason="the token was refused"):
    return record("instance.paused", actor=SYSTEM, target=instance, reason=reason)


def test_what_was_before_the_first_rule_is_not_told(instance, make_rule, follow):
    pause(instance)
    make_rule()
    pause(instance)
    follow()
    assert rows().count() == 1


def test_an_event_is_put_once(instance, rule, follow):
    entry = pause(instance)
    assert follow() == 1
    assert follow() == 0
    row = rows().get()
    assert (row.entry, row.kind, row.severity, row.target) == (entry.pk, "instance_paused", "high", "sandbox")
    assert (row.state, row.carries, row.message) == (State.PENDING, Carries.ONE, {})


def test_what_is_not_sealed_yet_waits(instance, rule):
    pause(instance)
    assert follow_due(1) == 0
    assert rows().count() == 0


def test_a_follower_that_dies_leaves_nothing_half_done(instance, rule, monkeypatch):
    """Killed between the rows and the end of the transaction: the cursor stands where it stood."""
    pause(instance)
    before = reached()
    real = module.put

    def die(*args):
        real(*args)
        raise KeyboardInterrupt

    seal()
    monkeypatch.setattr(module, "put", die)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        follow_due(1)
    assert (rows().count(), reached()) == (0, before)
    monkeypatch.setattr(module, "put", real)
    assert follow_due(1) == 1
    assert rows().count() == 1


def test_another_follower_was_quicker(instance, rule, monkeypatch):
    pause(instance)
    seal()
    real = module._alerts

    def meanwhile(entries):
        monkeypatch.setattr(module, "_alerts", real)
        assert follow_due(1) == 1
        return real(entries)

    monkeypatch.setattr(module, "_alerts", meanwhile)
    assert module.follow() == 0
    assert rows().count() == 1


def test_an_odd_entry_does_not_keep_the_others_from_being_told(instance, rule, follow, monkeypatch):
    real = module.about

    def odd(entry):
        if entry.reason == "odd":
            raise RuntimeError
        return real(entry)

    monkeypatch.setattr(module, "about", odd)
    pause(instance, "odd")
    record("webhook.given_up", actor=SYSTEM, target=instance)
    follow()
    assert [row.kind for row in rows()] == ["instance_paused", "webhook_given_up"]


def test_a_trail_that_was_cut_is_followed_from_its_end(instance, rule, follow):
    AlertCursor.objects.update(sequence=10**6)
    follow()
    assert reached() == AuditSeal.objects.count()
    pause(instance)
    follow()
    assert rows().count() == 1


def test_the_same_again_is_counted_into_one_message(instance, rule, follow):
    for _ in range(6):
        pause(instance)
    follow()
    first, again = rows().exclude(state=State.FOLDED)
    assert (first.events, again.carries, again.events) == (1, Carries.AGAIN, 5)
    assert again.due_at == first.alike_until
    assert rows(told_by=again, state=State.FOLDED).count() == 5
    pause(instance)
    follow()
    again.refresh_from_db()
    assert again.events == 6


def test_what_comes_after_the_again_message_has_gone_waits_for_the_next(instance, rule, follow):
    pause(instance)
    pause(instance)
    follow()
    again = rows(carries=Carries.AGAIN).get()
    rows(pk=again.pk).update(attempts=1, state=State.DELIVERED)
    pause(instance)
    follow()
    newest = rows(carries=Carries.AGAIN).last()
    assert newest.pk != again.pk
    assert newest.due_at == again.alike_until == rows().first().alike_until + ALIKE


def test_after_a_while_it_is_told_at_once_again(instance, rule, follow):
    pause(instance)
    follow()
    rows().update(alike_until=timezone.now())
    pause(instance)
    follow()
    assert [row.carries for row in rows()] == [Carries.ONE, Carries.ONE]


def test_each_rule_tells_for_itself(instance, project, make_rule, follow):
    """An instance's events are those of its projects too; a project's are not another's."""
    make_rule(name="everything")
    make_rule(project, name="mine")
    make_rule(least="high", kinds=["publish_failed"], name="others")
    make_rule(enabled=False, name="off")
    pause(instance)
    follow()
    assert [row.rule.name for row in rows()] == ["everything", "mine"]


def test_least_severity(instance, make_rule, follow):
    make_rule(least="high")
    record("webhook.given_up", actor=SYSTEM, target=instance)
    pause(instance)
    follow()
    assert [row.kind for row in rows()] == ["instance_paused"]


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_two_at_once_put_each_event_once(instance, rule):
    if connection.vendor != "mysql":
        pytest.skip("SQLite has one writer")
    for number in range(40):
        record("webhook.given_up", actor=SYSTEM, target=instance, reason=str(number))
    while seal():
        pass
    start, found = threading.Barrier(4), []

    def work():
        start.wait(10)
        try:
            found.append(follow_due(10))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(found) >= 40
    assert rows(entry__isnull=False).count() == 40
    assert rows(carries=Carries.AGAIN).get().events == 39
