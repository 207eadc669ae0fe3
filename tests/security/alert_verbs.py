"""The verbs of alerts, for the table."""

import uuid
from typing import Any

from django.utils import timezone

from audit.actors import SYSTEM
from catalog.permissions import MANAGE
from operations.alerts.add_channel import add_channel
from operations.alerts.add_rule import add_rule
from operations.alerts.change_rule import change_rule
from operations.alerts.choices import State
from operations.alerts.end_channel import end_channel
from operations.alerts.end_rule import end_rule
from operations.alerts.models import AlertChannel, AlertDelivery, AlertRule
from operations.alerts.send_again import send_again
from operations.alerts.test_channel import test_channel as send_test
from tests.security.world import Verb, World

_M = (MANAGE,)
_URL = "http://hook.test/x"
_FORM = {"name": "x", "least": "low", "language": "en", "time_zone": "UTC"}


def _channel() -> AlertChannel:
    return add_channel("x", kind="webhook", address=_URL, actor=SYSTEM)[0]


def _values() -> dict[str, Any]:
    more = {"kinds": [], "quiet_from": None, "quiet_to": None, "high_passes": True, "enabled": True}
    return {**_FORM, **more, "channel": _channel()}


def _rule(w: World) -> AlertRule:
    return add_rule(w.project, _values(), actor=SYSTEM)


def _delivery(w: World) -> AlertDelivery:
    rule = _rule(w)
    told = {"kind": "publish_done", "severity": "low", "state": State.DELIVERED}
    return AlertDelivery.objects.create(
        rule=rule, channel=rule.channel, delivery_id=uuid.uuid4(), due_at=timezone.now(), **told
    )


def _page(path: str, make: Any, data: Any = None) -> Any:
    return lambda w: (f"/operations/alerts/{path.format(make(w).pk)}", data(w) if data else {})


ALERTS = [
    Verb(
        *("add an alert channel", (), "alert.channel_refused"),
        lambda w, who: add_channel("x", kind="webhook", address=_URL, actor=who),
        page=lambda w: ("/operations/alerts/channels/", {"name": "x", "kind": "webhook", "address": _URL}),
    ),
    Verb(
        *("test an alert channel", (), "alert.channel_refused"),
        lambda w, who: send_test(_channel(), actor=who),
        page=_page("channels/{}/test/", lambda w: _channel()),
    ),
    Verb(
        *("end an alert channel", (), "alert.channel_refused"),
        lambda w, who: end_channel(_channel(), actor=who),
        page=_page("channels/{}/end/", lambda w: _channel()),
    ),
    Verb(
        *("add an alert rule for all", (), "alert.rule_refused"),
        lambda w, who: add_rule(None, _values(), actor=who),
    ),
    Verb(
        *("add an alert rule", _M, "alert.rule_refused"),
        lambda w, who: add_rule(w.project, _values(), actor=who),
    ),
    Verb(
        *("change an alert rule", _M, "alert.rule_refused"),
        lambda w, who: change_rule(_rule(w), _values(), actor=who),
        page=_page("rules/{}/", _rule, lambda w: {**_FORM, "channel": _channel().pk}),
    ),
    Verb(
        *("end an alert rule", _M, "alert.rule_refused"),
        lambda w, who: end_rule(_rule(w), actor=who),
        page=_page("rules/{}/end/", _rule),
    ),
    Verb(
        *("send an alert again", _M, "alert.send_again_refused"),
        lambda w, who: send_again(_delivery(w), actor=who),
        page=_page("{}/again/", _delivery),
    ),
]
