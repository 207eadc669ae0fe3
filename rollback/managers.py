"""Reads of rollback requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from audit.actors import Actor
from catalog.managers import in_sight
from catalog.models import Workflow
from rollback.choices import OPEN, Decision, State
from snapshotter.models import ContentQuarantine

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

    def suspicious(self) -> RequestQuerySet:
        """Those of which our own rows give a reason to look: the others stand, and cost the sweep nothing."""
        from rollback.models import RollbackApproval  # the models import this module

        kept_out = ContentQuarantine.objects.open().filter(content_hash=OuterRef("target__content_hash"))
        return self.filter(
            Q(expires_at__lte=Now())
            | ~Q(base=F("workflow__state__published"))
            | ~Q(project=F("workflow__project"))
            | Exists(RollbackApproval.objects.filter(request=OuterRef("pk")))
            | Exists(kept_out)
        )

    def to_review(self) -> RequestQuerySet:
        """Executed by breaking the glass, and not reviewed yet."""
        return self.filter(review_due_at__isnull=False, reviewed_at=None)


class ApprovalQuerySet(models.QuerySet["RollbackApproval"]):
    def agreeing(self) -> ApprovalQuerySet:
        return self.filter(decision=Decision.APPROVE)
