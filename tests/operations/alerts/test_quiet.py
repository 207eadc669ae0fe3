"""Quiet hours: over midnight, in a zone, through its changes of the clock; what they hold is told in one message."""

import json
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from audit.record import record
from operations.alerts import follow as module
from operations.alerts.choices import Carries, State
from operations.alerts.deliver import deliver_due
from operations.alerts.models import AlertDelivery
from operations.alerts.quiet import quiet_until
from tests.operations.alerts.conftest import make_due


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def quiet(start, end, zone="UTC"):
    return SimpleNamespace(quiet_from=time.fromisoformat(start), quiet_to=time.fromisoformat(end), time_zone=zone)


@pytest.mark.parametrize(
    ("rule", "moment", "ends"),
    [
        (quiet("12:00", "13:00"), "2026-11-26T12:00", "2026-11-26T13:00"),
        (quiet("12:00", "13:00"), "2026-11-26T13:00", None),
        (quiet("12:00", "13:00"), "2026-11-26T11:59", None),
        (quiet("22:00", "07:00"), "2026-11-26T23:00", "2026-11-27T07:00"),
        (quiet("22:00", "07:00"), "2026-11-26T06:59", "2026-11-26T07:00"),
        (quiet("22:00", "07:00"), "2026-11-26T08:00", None),
        (quiet("22:00", "07:00", "Asia/Shanghai"), "2026-11-26T15:00", "2026-11-26T23:00"),
        (quiet("22:00", "07:00", "Asia/Shanghai"), "2026-11-26T23:00", None),
        (
            quiet("22:00", "07:00", "Europe/Berlin"),
            "2026-10-24T21:00",
            "2026-10-25T06:00",
        ),  # the night that has an hour more
        (quiet("02:00", "03:00", "Europe/Berlin"), "2026-10-25T01:30", "2026-10-25T02:00"),
    ],
)
def test_when_it_ends(rule, moment, ends):
    assert quiet_until(rule, at(moment)) == (at(ends) if ends else None)


def test_never():
    assert quiet_until(SimpleNamespace(quiet_from=None, quiet_to=None, time_zone="UTC"), at("2026-11-26T12:00")) is None


@pytest.fixture
def night(make_rule):
    """A rule that is quiet now, wherever the clock stands."""
    now = timezone.now()
    begins, ends = ((now + timedelta(hours=hours)).time().replace(microsecond=0) for hours in (-2, 2))
    return make_rule(quiet_from=begins, quiet_to=ends)


def test_what_is_held_is_told_in_one_message_and_what_is_grave_at_once(night, instance, follow, receiver):
    for number in range(3):
        record("webhook.given_up", actor=SYSTEM, target=instance, reason=str(number))
    record("rollback.done", actor=SYSTEM, target=instance)
    record("instance.paused", actor=SYSTEM, target=instance)
    follow()
    deliver_due(60)
    assert [json.loads(body)["kind"] for _path, _headers, body in receiver.got] == ["instance_paused"]
    digest = AlertDelivery.objects.get(carries=Carries.DIGEST)
    assert (digest.events, digest.severity, digest.state) == (4, "medium", State.PENDING)
    assert timedelta(hours=1) < digest.due_at - timezone.now() < timedelta(hours=3)
    make_due()
    deliver_due(60)
    said = json.loads(receiver.got[-1][2])
    assert (said["kind"], said["events"], said["message"]["title"]) == ("digest", 4, "4 alerts of the quiet hours")
    assert [line.rpartition(" · ")[0] for line in said["message"]["sentences"]] == [
        "[medium] A webhook was given up: sandbox · 3 times",
        "[medium] Rolled back: sandbox",
    ]
    assert said["message"]["link"] == f"https://snapshotter.example.com/operations/alerts/{digest.pk}/"


def test_a_digest_of_one_is_that_one(night, instance, follow, receiver):
    record("webhook.given_up", actor=SYSTEM, target=instance)
    follow()
    make_due()
    deliver_due(60)
    assert json.loads(receiver.got[0][2])["message"]["title"] == "[medium] A webhook was given up: sandbox"


def test_high_waits_too_where_the_rule_says_so(make_rule, instance, follow):
    now = timezone.now()
    begins, ends = ((now + timedelta(hours=hours)).time() for hours in (-2, 2))
    make_rule(quiet_from=begins, quiet_to=ends, high_passes=False)
    record("instance.paused", actor=SYSTEM, target=instance)
    follow()
    assert AlertDelivery.objects.get(carries=Carries.DIGEST).severity == "high"


def test_what_comes_after_the_digest_has_begun_is_in_the_next(night, instance, follow):
    record("webhook.given_up", actor=SYSTEM, target=instance)
    follow()
    AlertDelivery.objects.filter(carries=Carries.DIGEST).update(attempts=1)
    record("webhook.given_up", actor=SYSTEM, target=instance)
    assert module.follow_due(0) == 0  # not sealed
    follow()
    assert AlertDelivery.objects.filter(carries=Carries.DIGEST).count() == 2
