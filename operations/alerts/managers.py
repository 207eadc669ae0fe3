"""Reads of alerts. What a person may see starts from `visible_to`: superusers all, who manages a project what is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from audit.actors import Actor, System
from catalog.models import Project
from catalog.permissions import MANAGE
from operations.alerts.choices import State

if TYPE_CHECKING:
    from operations.alerts.models import AlertChannel, AlertDelivery, AlertRule  # noqa: F401  named as text in the base classes


def _in_charge(actor: Actor) -> Q:
    """Return the condition that the actor manages the project; all are a superuser's, and what names none is theirs alone."""
    if _is_superuser(actor):
        return Q()
    managed = list(Project.objects.allowed_to(actor, MANAGE).order_by().values_list("pk", flat=True))
    return Q(project__in=managed)


class ChannelQuerySet(models.QuerySet["AlertChannel"]):
    def in_use(self) -> ChannelQuerySet:
        return self.filter(ended_at=None)

    def to_send(self) -> ChannelQuerySet:
        """Those with a message that is due, unless they are left alone for a while."""
        from operations.alerts.models import AlertDelivery  # the models import this module

        waiting = AlertDelivery.objects.due().filter(channel=OuterRef("pk"))
        return self.in_use().filter(Q(due_at=None) | Q(due_at__lte=Now())).filter(Exists(waiting))


def _in_sight(actor: Actor, project: str) -> Q:
    """Return the condition that the actor may view the project; what names none is a superuser's. Whether they may act is asked then."""
    if _is_superuser(actor):
        return Q()
    return Q(**{f"{project}__in": Project.objects.visible_to(actor).order_by().values("pk")})


def _is_superuser(actor: Actor) -> bool:
    return isinstance(actor, System) or (actor.is_active and actor.is_superuser)


class RuleQuerySet(models.QuerySet["AlertRule"]):
    def in_sight_of(self, actor: Actor) -> RuleQuerySet:
        return self.filter(_in_sight(actor, "project"))

    def visible_to(self, actor: Actor) -> RuleQuerySet:
        return self.filter(_in_charge(actor))

    def standing(self) -> RuleQuerySet:
        return self.filter(enabled=True, ended_at=None)

    def in_force(self) -> RuleQuerySet:
        return self.standing().filter(channel__ended_at=None)


class AlertDeliveryQuerySet(models.QuerySet["AlertDelivery"]):
    def in_sight_of(self, actor: Actor) -> AlertDeliveryQuerySet:
        return self.filter(_in_sight(actor, "rule__project"))

    def visible_to(self, actor: Actor) -> AlertDeliveryQuerySet:
        """By the rule's project, and the rules named one by one: a join beside `ORDER BY ... LIMIT` would have all rows sorted."""
        from operations.alerts.models import AlertRule  # the models import this module

        if _is_superuser(actor):
            return self.all()
        return self.filter(rule__in=list(AlertRule.objects.visible_to(actor).order_by().values_list("pk", flat=True)))

    def due(self) -> AlertDeliveryQuerySet:
        """Messages a sender may take now."""
        return self.filter(state=State.PENDING, due_at__lte=Now())

    def gathering(self) -> AlertDeliveryQuerySet:
        """Messages that more can be folded into: nobody has begun to send them."""
        return self.filter(state=State.PENDING, attempts=0)
