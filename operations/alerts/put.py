"""Put: an alert into the outbox of one rule, by itself, or into a message that tells it with others.

Called by the follower alone, inside the transaction that moves the cursor: so an event is put once. Three ways:
at once; into the digest that is sent when the rule's quiet time ends; into "again", where something alike was told within ALIKE.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F
from django.db.models.functions import Now

from operations.alerts.choices import Carries, Kind, Severity, State, at_least
from operations.alerts.models import AlertDelivery, AlertRule
from operations.alerts.quiet import quiet_until

ALIKE: Final = timedelta(minutes=10)  # the same kind on the same object within this is counted into one more message


@dataclass(frozen=True, slots=True)
class Alert:
    """One event to be told. `alike` is its kind and object, by which the same again is known."""

    entry: int
    at: datetime
    kind: Kind
    severity: Severity
    project: int | None
    instance: int | None
    target: str
    alike: str


def concerns(rule: AlertRule, alert: Alert) -> bool:
    """Whether a rule tells it: nothing from before the rule. What belongs to a whole instance is told by rules of its projects too."""
    if alert.at < rule.created_at:
        return False
    if rule.kinds and alert.kind not in rule.kinds:
        return False
    if not at_least(alert.severity, rule.least):
        return False
    if rule.project is None or rule.project_id == alert.project:
        return True
    return alert.project is None and alert.instance is not None and rule.project.instance_id == alert.instance


def put(rule: AlertRule, alert: Alert, now: datetime) -> AlertDelivery:
    """Write the delivery of one event by one rule."""
    until = _held_until(rule, alert.severity, now)
    if until is not None:
        return _fold(rule, alert, Carries.DIGEST, due_at=until)
    former = _former(rule, alert, now)
    if former is None:
        return _row(rule, alert, due_at=Now(), alike_until=now + ALIKE)  # senders ask by the database's clock
    due = former.alike_until or now
    return _fold(rule, alert, Carries.AGAIN, due_at=_held_until(rule, alert.severity, due) or due)


def _held_until(rule: AlertRule, severity: str, moment: datetime) -> datetime | None:
    if rule.high_passes and severity == Severity.HIGH:
        return None
    return quiet_until(rule, moment)


def _former(rule: AlertRule, alert: Alert, now: datetime) -> AlertDelivery | None:
    """Return the newest message that told the like of it, while its time has not run out."""
    told = AlertDelivery.objects.filter(rule=rule, alike=alert.alike, alike_until__gt=now)
    return told.exclude(state=State.FOLDED).order_by("-id").first()


def _fold(rule: AlertRule, alert: Alert, carries: Carries, *, due_at: datetime) -> AlertDelivery:
    """Put it into a message that nobody has begun to send, a new one where there is none."""
    alike = "" if carries == Carries.DIGEST else alert.alike
    gathering = AlertDelivery.objects.gathering().filter(rule=rule, carries=carries, alike=alike)
    carrier = gathering.order_by("-id").first()
    grown = carrier is not None and gathering.filter(pk=carrier.pk).update(events=F("events") + 1) == 1
    if carrier is None or not grown:  # none yet, or its sending began a moment ago
        kind = "" if carries == Carries.DIGEST else alert.kind
        more = {"carries": carries, "kind": kind, "alike": alike, "alike_until": due_at + ALIKE if alike else None}
        carrier = _row(rule, alert, entry=None, due_at=due_at, **more)
    elif carrier.severity != alert.severity and at_least(alert.severity, carrier.severity):
        gathering.filter(pk=carrier.pk).update(severity=alert.severity)
    return _row(rule, alert, state=State.FOLDED, told_by=carrier, due_at=due_at)


def _row(rule: AlertRule, alert: Alert, **values: object) -> AlertDelivery:
    given = {
        "channel_id": rule.channel_id,
        "rule": rule,
        "entry": alert.entry,
        "kind": alert.kind,
        "severity": alert.severity,
        "target": alert.target[:255],
        "alike": alert.alike,
        "delivery_id": uuid.uuid4(),
    }
    row: AlertDelivery = AlertDelivery.objects.create(**{**given, **values})
    return row
