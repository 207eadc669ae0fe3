"""Reads of drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from audit.actors import Actor
from catalog.managers import in_sight
from catalog.models import Workflow
from drift.choices import NOT_LISTED, STANDING, ItemState, RunState

if TYPE_CHECKING:
    from drift.models import DriftItem, IgnoreRule, InspectionRun  # noqa: F401  named as text in the base classes


class DriftQuerySet(models.QuerySet["DriftItem"]):
    def visible_to(self, actor: Actor) -> DriftQuerySet:
        return self.filter(in_sight(actor))

    def listed_for(self, actor: Actor) -> DriftQuerySet:
        """The same for a list of many."""
        return self.filter(in_sight(actor, for_list=True))

    def standing(self) -> DriftQuerySet:
        return self.filter(state__in=STANDING)

    def named(self, text: str) -> DriftQuerySet:
        """Those of workflows with this in name or key, or by a DolphinScheduler user of this name."""
        return self.filter(
            Q(workflow__name__icontains=text) | Q(workflow__key__icontains=text) | Q(actor_name__icontains=text)
        )

    def mute_over(self) -> DriftQuerySet:
        """Muted items whose time is over."""
        return self.filter(state=ItemState.MUTED, muted_until__lte=Now())


class IgnoreRuleQuerySet(models.QuerySet["IgnoreRule"]):
    def visible_to(self, actor: Actor) -> IgnoreRuleQuerySet:
        return self.filter(in_sight(actor))

    def listed_for(self, actor: Actor) -> IgnoreRuleQuerySet:
        """The same for a list of many."""
        return self.filter(in_sight(actor, for_list=True))

    def in_force(self) -> IgnoreRuleQuerySet:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=Now()), ended_at=None)

    def covering(self, workflow: Workflow) -> IgnoreRuleQuerySet:
        return self.filter(Q(workflow=workflow) | Q(workflow=None, project=workflow.project_id))

    def paths_for(self, workflow: Workflow) -> frozenset[str]:
        """The fields that are ignored in a workflow now."""
        return frozenset(self.in_force().covering(workflow).values_list("path", flat=True))


class InspectionRunQuerySet(models.QuerySet["InspectionRun"]):
    def ended_well(self) -> InspectionRunQuerySet:
        """Those of a whole instance that left no project unknown: freshness counts from the latest."""
        return self.filter(project=None, state=RunState.DONE).exclude(error_code=NOT_LISTED)
