"""End a rule: it tells nothing any more, and what it holds back is not sent."""

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from audit.record import record
from operations.alerts.charge import require_charge
from operations.alerts.choices import State
from operations.alerts.models import AlertRule


def end_rule(rule: AlertRule, *, actor: Actor) -> bool:
    """End it; False when it was ended before. Raises NotAllowed, NotFound."""
    require_charge(actor, rule.project, event="alert.rule_refused", about=rule)
    with transaction.atomic():
        if AlertRule.objects.filter(pk=rule.pk, ended_at=None).update(ended_at=timezone.now()) != 1:
            return False
        rule.deliveries.filter(state=State.PENDING).update(state=State.GIVEN_UP, error="the rule was ended")
        record("alert.rule_ended", actor=actor, target=rule, scope=rule.project.scope if rule.project else "")
    return True
