"""Reads of snapshots and syncs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from audit.actors import Actor
from catalog.managers import in_sight
from catalog.models import Project, Workflow
from definitions.canonical import Canonical
from definitions.lineage.lineage import Table
from snapshotter.choices import AT_WORK, DeliveryState, FireState, LineageState, Status, SyncKind, SyncState, Trigger

if TYPE_CHECKING:
    from snapshotter.models import (  # noqa: F401  named as text in the base classes
        ContentLineage,
        ContentQuarantine,
        ContentReference,
        FreezeWindow,
        LineageTable,
        MissedFire,
        Snapshot,
        Sync,
        WebhookDelivery,
        WebhookEndpoint,
    )

_EVERYWHERE = Q(project=None, instance=None)


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, actor: Actor) -> SnapshotQuerySet:
        return self.filter(in_sight(actor))

    def listed_for(self, actor: Actor) -> SnapshotQuerySet:
        """The same for a list of many."""
        return self.filter(in_sight(actor, for_list=True))

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

    def without_lineage(self) -> SnapshotQuerySet:
        """Versions whose lineage has not been computed, newest first; not those of contents a worker is at."""
        from snapshotter.models import ContentLineage  # the models import this module

        at_it = ContentLineage.objects.at_work().filter(content_hash=OuterRef("content_hash"))
        return self.filter(lineage_digest="").exclude(Exists(at_it)).order_by("-id")

    def live_before(self, version: Snapshot) -> SnapshotQuerySet:
        """Versions of its workflow that were live before it was, the last one first: an index tells it, however long the history."""
        if version.live_from is None:  # an imported one: when is not known
            return self.none()
        earlier = self.filter(workflow_id=version.workflow_id, live_from__lt=version.live_from)
        return earlier.order_by("-live_from", "-id")

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

    def youngest_first(self) -> tuple[SnapshotQuerySet, SnapshotQuerySet]:
        """As a reader expects a history: recovered versions have high numbers, but are the oldest. Two parts, each by falling version."""
        return self.without_recovered(), self.filter(trigger=Trigger.BACKFILL)


class SyncQuerySet(models.QuerySet["Sync"]):
    def visible_to(self, actor: Actor) -> SyncQuerySet:
        return self.filter(in_sight(actor, "workflow__project"))

    def confirming(self, snapshot: Snapshot) -> SyncQuerySet:
        """Syncs that wait or waited for a platform's word on this snapshot, newest first."""
        return self.filter(snapshot=snapshot, kind=SyncKind.CONFIRM).order_by("-id")

    def waiting_for_platform(self) -> SyncQuerySet:
        """Drafts without a word yet. One that waits for DolphinScheduler was claimed before."""
        return self.filter(kind=SyncKind.CONFIRM, state=SyncState.WAITING, attempt=0)

    def due(self) -> SyncQuerySet:
        """Syncs a worker may claim now: queued, put aside until now, or left behind by a worker whose lease ran out."""
        return self.filter(
            Q(state=SyncState.QUEUED)
            | Q(state__in=(SyncState.WAITING, SyncState.ATTENTION), due_at__lte=Now())
            | Q(state__in=AT_WORK, lease_until__lt=Now())
        ).order_by("id")


class FreezeQuerySet(models.QuerySet["FreezeWindow"]):
    def visible_to(self, actor: Actor) -> FreezeQuerySet:
        """Windows over projects the actor may view; those that hold everywhere are everybody's."""
        projects = Project.objects.visible_to(actor)
        return self.filter(
            Q(project__in=projects) | Q(project=None, instance__in=projects.values("instance")) | _EVERYWHERE
        )

    def listed_for(self, actor: Actor) -> FreezeQuerySet:
        """The same for a list of many: projects are named, since with subqueries the databases sort all windows."""
        seen = list(Project.objects.visible_to(actor).values_list("pk", "instance"))
        mine = Q(project__in=[pk for pk, _instance in seen])
        return self.filter(mine | Q(project=None, instance__in={instance for _pk, instance in seen}) | _EVERYWHERE)

    def open(self) -> FreezeQuerySet:
        return self.filter(ended_at=None)

    def covering(self, project: Project) -> FreezeQuerySet:
        return self.filter(Q(project=project) | Q(project=None, instance=project.instance_id) | _EVERYWHERE)


class QuarantineQuerySet(models.QuerySet["ContentQuarantine"]):
    def visible_to(self, actor: Actor) -> QuarantineQuerySet:
        return self.filter(in_sight(actor))

    def open(self) -> QuarantineQuerySet:
        return self.filter(ended_at=None)

    def covering(self, workflow: Workflow) -> QuarantineQuerySet:
        return self.filter(Q(workflow=workflow) | Q(workflow=None, project=workflow.project_id))


class EndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def in_use(self, project_id: int) -> EndpointQuerySet:
        return self.filter(project=project_id, ended_at=None)


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def due(self) -> DeliveryQuerySet:
        """Messages a sender may take now."""
        return self.filter(state=DeliveryState.PENDING, due_at__lte=Now())


class MissedFireQuerySet(models.QuerySet["MissedFire"]):
    def visible_to(self, actor: Actor) -> MissedFireQuerySet:
        return self.filter(in_sight(actor, "workflow__project"))

    def named(self) -> MissedFireQuerySet:
        """All but those that turned out to have run."""
        return self.exclude(state=FireState.RAN)

    def open(self) -> MissedFireQuerySet:
        """Those nobody has started yet."""
        return self.filter(state__in=(FireState.MISSED, FireState.UNSURE))

    def to_look_at(self) -> MissedFireQuerySet:
        """Those whose run is to be looked for now."""
        return self.filter(look_at__lte=Now()).order_by("look_at")


class ContentLineageQuerySet(models.QuerySet["ContentLineage"]):
    def of(self, content_hashes: Iterable[str]) -> ContentLineageQuerySet:
        """Lineages of contents, the newest parser's last."""
        return self.filter(content_hash__in=set(content_hashes)).select_related("body").order_by("id")

    def at_work(self) -> ContentLineageQuerySet:
        return self.filter(state=LineageState.WORKING, due_at__gt=Now())

    def without_references(self) -> ContentLineageQuerySet:
        """Contents of which nobody has noted yet what they refer to, oldest first; those a worker reads come when it has ended."""
        return self.filter(has_references=None).exclude(state=LineageState.WORKING).order_by("pk")


class ContentReferenceQuerySet(models.QuerySet["ContentReference"]):
    def to(self, workflow_code: int) -> ContentReferenceQuerySet:
        """References to a workflow, of any content."""
        return self.filter(workflow=workflow_code)


class LineageTableQuerySet(models.QuerySet["LineageTable"]):
    def named(self, tables: Iterable[Table]) -> LineageTableQuerySet:
        """Rows of these tables, wherever they are read or written."""
        systems: dict[str, list[str]] = {}
        for table in tables:
            systems.setdefault(table.system, []).append(table.name)
        wanted = Q(pk__in=())
        for system, names in systems.items():
            wanted |= Q(system=system, name__in=names)
        return self.filter(wanted)
