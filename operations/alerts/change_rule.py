"""Change a rule. What it has put into the outbox goes out as it was meant."""

from typing import Any

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.errors import NotFound
from operations.alerts.charge import require_charge
from operations.alerts.models import AlertRule
from operations.alerts.rule_values import FIELDS, check_values


def change_rule(rule: AlertRule, values: dict[str, Any], *, actor: Actor) -> AlertRule:
    """Set all FIELDS; its project stays. Raises InvalidRequest, NotAllowed, NotFound where it was ended."""
    require_charge(actor, rule.project, event="alert.rule_refused", about=rule)
    check_values(values)
    with transaction.atomic():
        standing = AlertRule.objects.select_for_update().filter(pk=rule.pk, ended_at=None).first()
        if standing is None:
            raise NotFound
        changed = {
            name: (getattr(standing, name), values[name]) for name in FIELDS if getattr(standing, name) != values[name]
        }
        if changed:
            AlertRule.objects.filter(pk=rule.pk).update(**{name: after for name, (_before, after) in changed.items()})
            scope = rule.project.scope if rule.project else ""
            record("alert.rule_changed", actor=actor, target=rule, scope=scope, changes=changed)
    rule.refresh_from_db()
    return rule
