"""Reads of runs and their items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now

from audit.actors import Actor, System
from catalog.managers import in_sight
from operations.choices import OPEN, Outcome, RunState

if TYPE_CHECKING:
    from operations.models import OperationItem, OperationRun  # noqa: F401  named as text in the base classes


class RunQuerySet(models.QuerySet["OperationRun"]):
    def visible_to(self, actor: Actor) -> RunQuerySet:
        """Runs of projects the actor may view; those of a whole instance show projects of all sorts, so only to superusers."""
        if isinstance(actor, System) or actor.is_superuser:
            return self
        return self.filter(in_sight(actor))

    def open(self) -> RunQuerySet:
        return self.filter(state__in=OPEN)

    def due(self) -> RunQuerySet:
        """Runs a worker may claim now: queued, waiting and due, or left behind by a worker whose lease ran out."""
        return self.filter(
            Q(state=RunState.QUEUED)
            | Q(state=RunState.WAITING, due_at__lte=Now())
            | Q(state=RunState.RUNNING, lease_until__lt=Now())
        ).order_by("id")


class ItemQuerySet(models.QuerySet["OperationItem"]):
    def pending(self) -> ItemQuerySet:
        return self.filter(outcome=Outcome.PENDING)

    def counted(self) -> dict[str, int]:
        """Return how many items ended in each outcome."""
        rows = self.order_by().values("outcome").annotate(number=Count("pk"))
        return {row["outcome"]: row["number"] for row in rows}
