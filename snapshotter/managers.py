"""Reads of snapshots and syncs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Now

from audit.actors import Actor
from catalog.models import Project, Workflow
from definitions.canonical import Canonical
from snapshotter.choices import AT_WORK, FireState, Status, SyncState, Trigger

if TYPE_CHECKING:
    from snapshotter.models import MissedFire, Snapshot, Sync  # noqa: F401  named as text in the base classes


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, actor: Actor) -> SnapshotQuerySet:
        return self.filter(project__in=Project.objects.visible_to(actor))

    def for_workflow(self, workflow: Workflow) -> SnapshotQuerySet:
        return self.filter(workflow=workflow)

    def of_sync(self, sync: Sync) -> SnapshotQuerySet:
        """The version a sync publishes; none for a capture that has not read yet."""
        return self.filter(pk=sync.snapshot_id) if sync.snapshot_id is not None else self.none()

    def published(self) -> SnapshotQuerySet:
        return self.filter(status=Status.PUBLISHED)

    def without_recovered(self) -> SnapshotQuerySet:
        """Leave out back-filled versions: their numbers are new, their content is old."""
        return self.exclude(trigger=Trigger.BACKFILL)

    def latest_first(self) -> SnapshotQuerySet:
        return self.order_by("-version")

    def holding(self, canonical: Canonical) -> SnapshotQuerySet:
        """Snapshots that hold exactly this: content, name, layout and schedule."""
        return self.filter(
            content_hash=canonical.content_hash,
            label_hash=canonical.label_hash,
            layout_hash=canonical.layout_hash,
            schedule_hash=canonical.schedule_hash,
        )

    def youngest_first(self) -> SnapshotQuerySet:
        """As a reader expects a history: recovered versions have high numbers, but are the oldest."""
        recovered = Case(When(trigger=Trigger.BACKFILL, then=Value(1)), default=Value(0))
        return self.order_by(recovered, "-version")


class SyncQuerySet(models.QuerySet["Sync"]):
    def visible_to(self, actor: Actor) -> SyncQuerySet:
        return self.filter(workflow__project__in=Project.objects.visible_to(actor))

    def due(self) -> SyncQuerySet:
        """Syncs a worker may claim now: queued, put aside until now, or left behind by a worker whose lease ran out."""
        return self.filter(
            Q(state=SyncState.QUEUED)
            | Q(state__in=(SyncState.WAITING, SyncState.ATTENTION), due_at__lte=Now())
            | Q(state__in=AT_WORK, lease_until__lt=Now())
        ).order_by("id")


class MissedFireQuerySet(models.QuerySet["MissedFire"]):
    def visible_to(self, actor: Actor) -> MissedFireQuerySet:
        return self.filter(workflow__project__in=Project.objects.visible_to(actor))

    def named(self) -> MissedFireQuerySet:
        """All but those that turned out to have run."""
        return self.exclude(state=FireState.RAN)

    def open(self) -> MissedFireQuerySet:
        """Those nobody has started yet."""
        return self.filter(state__in=(FireState.MISSED, FireState.UNSURE))

    def to_look_at(self) -> MissedFireQuerySet:
        """Those whose run is to be looked for now."""
        return self.filter(look_at__lte=Now()).order_by("look_at")
