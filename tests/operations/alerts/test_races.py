"""A rule is ended while its alerts are put: real connections on MySQL."""

import threading

import pytest
from django.db import connections

from audit.actors import SYSTEM
from audit.record import record
from operations.alerts import follow as following
from operations.alerts.end_rule import end_rule
from operations.alerts.models import AlertDelivery

pytestmark = [pytest.mark.mysql, pytest.mark.races, pytest.mark.django_db(transaction=True)]


def test_nothing_waits_to_be_sent_by_a_rule_that_was_ended_meanwhile(rule, root, instance, follow, monkeypatch):
    """The follower has read the rules and put nothing yet: whoever ends one then must find what is put, or there is none."""
    real, begun = following.concerns, []

    def end():
        try:
            end_rule(rule, actor=root)
        finally:
            connections.close_all()

    def concerns(*asked):
        if not begun:
            begun.append(threading.Thread(target=end))
            begun[0].start()
            begun[0].join(1.0)  # it waits for this transaction; should it be slow to begin, it comes after it
        return real(*asked)

    monkeypatch.setattr(following, "concerns", concerns)
    record("instance.paused", actor=SYSTEM, target=instance, reason="the token was refused")
    follow()
    begun[0].join(60)
    states = list(AlertDelivery.objects.filter(rule=rule).values_list("state", "error"))
    assert states == [("given_up", "the rule was ended")]
