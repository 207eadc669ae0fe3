"""Reads of rollbacks of many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from audit.actors import Actor, System, user_of
from catalog.managers import in_sight
from rollback.choices import ItemState

if TYPE_CHECKING:
    from rollback.models import BatchItem, RollbackBatch  # noqa: F401  named as text in the base classes


class BatchQuerySet(models.QuerySet["RollbackBatch"]):
    def visible_to(self, actor: Actor) -> BatchQuerySet:
        """One's own, and those that hold a workflow of a project the actor may view."""
        sight = in_sight(actor, "workflow__project", for_list=True)
        if isinstance(actor, System) or not sight:
            return self
        from rollback.models import BatchItem  # the models import this module

        mine = BatchItem.objects.filter(sight, batch=OuterRef("pk"))
        return self.filter(Q(created_by=user_of(actor)) | Exists(mine))


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    def visible_to(self, actor: Actor) -> BatchItemQuerySet:
        return self.filter(in_sight(actor, "workflow__project", for_list=True))

    def free(self) -> BatchItemQuerySet:
        """Those no worker is at, and whose time has come."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=Now()), Q(due_at=None) | Q(due_at__lte=Now()))

    def to_submit(self) -> BatchItemQuerySet:
        return self.free().filter(state=ItemState.WAITING).order_by("batch_id", "position")

    def to_execute(self) -> BatchItemQuerySet:
        return self.free().filter(state=ItemState.ORDERED).order_by("batch_id", "position")
