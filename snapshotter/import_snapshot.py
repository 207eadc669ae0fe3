"""The plain write path (P1.5): store a definition as a published version without touching DolphinScheduler.

For tests, and for bringing in definitions that were kept elsewhere. The workflow's published pointer does not move: nothing was proven.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.keys import check_key
from catalog.models import Project, Workflow
from catalog.permissions import MANAGE, require
from snapshotter.builder import build
from snapshotter.choices import Status
from snapshotter.make_snapshot import Origin, make_snapshot
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.pieces import stored


def import_snapshot(
    definition: Mapping[str, Any], *, project: Project, workflow_key: str, origin: Origin, actor: Actor
) -> tuple[Snapshot, bool]:
    """Store a definition under the workflow's next version; return (snapshot, created). The newest equal version is not doubled."""
    require(actor, MANAGE, project, event="import.refused")
    canonical = build(definition, label=None, published=None)
    with transaction.atomic():
        workflow, _ = Workflow.objects.get_or_create(
            key=check_key(workflow_key), defaults={"project": project, "name": canonical.document.name}
        )
        if workflow.project_id != project.pk:
            raise InvalidRequest("The workflow belongs to another project.", field="project")
        WorkflowState.objects.get_or_create(workflow=workflow)
        newest = Snapshot.objects.for_workflow(workflow).latest_first().first()
        if newest is not None and _parts(newest) == _parts(canonical):
            return newest, False
        snapshot = make_snapshot(
            workflow=workflow,
            pieces=stored(canonical, canonical.schedule_json),
            status=Status.PUBLISHED,
            origin=origin,
            actor=actor,
            proven=False,
        )
        record("snapshot.imported", actor=actor, target=snapshot, scope=project.scope, reason=origin.message)
    return snapshot, True


def _parts(holder: Any) -> tuple[str, str, str, str]:
    return holder.content_hash, holder.label_hash, holder.layout_hash, holder.schedule_hash
