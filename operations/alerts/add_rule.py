"""Add a rule: from now on, what it names is told."""

from typing import Any

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.models import Project
from operations.alerts.charge import require_charge
from operations.alerts.follow import reached
from operations.alerts.models import AlertRule
from operations.alerts.rule_values import FIELDS, check_values


def add_rule(project: Project | None, values: dict[str, Any], *, actor: Actor) -> AlertRule:
    """Return the new rule; `values` has all FIELDS. Raises InvalidRequest, NotAllowed, NotFound."""
    require_charge(actor, project, event="alert.rule_refused")
    check_values(values)
    with transaction.atomic():
        reached()  # the trail is followed from here on, also where nobody has followed it yet
        rule = AlertRule.objects.create(
            project=project, created_by_name=str(actor), **{name: values[name] for name in FIELDS}
        )
        told = {name: str(values[name]) for name in FIELDS}
        record("alert.rule_added", actor=actor, target=rule, scope=project.scope if project else "", detail=told)
    return rule
