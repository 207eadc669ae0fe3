"""Reads of rollback requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from audit.actors import Actor
from catalog.managers import in_sight
from catalog.models import Workflow
from rollback.choices import OPEN, Decision, State

if TYPE_CHECKING:
    from rollback.models import RollbackApproval, RollbackRequest  # noqa: F401  named as text in the base classes


class RequestQuerySet(models.QuerySet["RollbackRequest"]):
    def visible_to(self, actor: Actor) -> RequestQuerySet:
        return self.filter(in_sight(actor))

    def listed_for(self, actor: Actor) -> RequestQuerySet:
        """The same for a list of many."""
        return self.filter(in_sight(actor, for_list=True))

    def for_workflow(self, workflow: Workflow) -> RequestQuerySet:
        return self.filter(workflow=workflow)

    def open(self) -> RequestQuerySet:
        return self.filter(state__in=OPEN)

    def pending(self) -> RequestQuerySet:
        return self.filter(state=State.PENDING)

    def to_review(self) -> RequestQuerySet:
        """Executed by breaking the glass, and not reviewed yet."""
        return self.filter(review_due_at__isnull=False, reviewed_at=None)


class ApprovalQuerySet(models.QuerySet["RollbackApproval"]):
    def agreeing(self) -> ApprovalQuerySet:
        return self.filter(decision=Decision.APPROVE)
