"""End a rule: a field that was ignored counts again."""

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from audit.record import record
from catalog.permissions import require
from drift.models import IgnoreRule
from drift.rules.ignore import REFUSED, right_for
from drift.rules.judge_again import look_again


def end_rule(rule: IgnoreRule, *, actor: Actor) -> bool:
    """End it; False when it was ended already. What it hid is found by the next inspection. Raises NotAllowed, NotFound."""
    require(actor, right_for(rule.workflow), rule.project, event=REFUSED, about=rule.workflow)
    with transaction.atomic():
        if (
            IgnoreRule.objects.filter(pk=rule.pk, ended_at=None).update(
                ended_at=timezone.now(), ended_by_name=str(actor)
            )
            != 1
        ):
            return False
        look_again(rule)
        record(
            "ignore_rule.ended",
            actor=actor,
            target=rule.workflow or rule.project,
            scope=rule.project.scope,
            reason=rule.reason,
            detail={"rule": rule.pk, "path": rule.path},
        )
    return True
