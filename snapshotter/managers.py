"""Reads of snapshots and syncs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Now

from audit.actors import Actor
from catalog.models import Project, Workflow
from snapshotter.choices import AT_WORK, Status, SyncState, Trigger

if TYPE_CHECKING:
    from snapshotter.models import Snapshot, Sync  # noqa: F401  named as text in the base classes


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, actor: Actor) -> SnapshotQuerySet:
        return self.filter(project__in=Project.objects.visible_to(actor))

    def for_workflow(self, workflow: Workflow) -> SnapshotQuerySet:
        return self.filter(workflow=workflow)

    def published(self) -> SnapshotQuerySet:
        return self.filter(status=Status.PUBLISHED)

    def without_recovered(self) -> SnapshotQuerySet:
        """Leave out back-filled versions: their numbers are new, their content is old."""
        return self.exclude(trigger=Trigger.BACKFILL)

    def latest_first(self) -> SnapshotQuerySet:
        return self.order_by("-version")

    def youngest_first(self) -> SnapshotQuerySet:
        """As a reader expects a history: recovered versions have high numbers, but are the oldest."""
        recovered = Case(When(trigger=Trigger.BACKFILL, then=Value(1)), default=Value(0))
        return self.order_by(recovered, "-version")


class SyncQuerySet(models.QuerySet["Sync"]):
    def visible_to(self, actor: Actor) -> SyncQuerySet:
        return self.filter(workflow__project__in=Project.objects.visible_to(actor))

    def due(self) -> SyncQuerySet:
        """Syncs a worker may claim now: queued, waiting and due, or left behind by a worker whose lease ran out."""
        return self.filter(
            Q(state=SyncState.QUEUED)
            | Q(state=SyncState.WAITING, due_at__lte=Now())
            | Q(state__in=AT_WORK, lease_until__lt=Now())
        ).order_by("id")
