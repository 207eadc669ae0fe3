"""Items made by hand, for what asks DolphinScheduler nothing."""

from typing import Any

from django.utils import timezone

from audit.actors import SYSTEM
from catalog.models import Project, Workflow
from drift.choices import Kind, Severity
from drift.models import DriftItem
from snapshotter.choices import LiveState, Trigger
from snapshotter.import_snapshot import import_snapshot
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, WorkflowState
from tests.definitions.documents import c1


def make_orders(project: Project, key: str = "orders", code: int = 7001) -> Workflow:
    """A published workflow that nobody serves."""
    body = c1({code * 10: "echo a"}, name=key)
    version, _ = import_snapshot(
        body, project=project, workflow_key=key, origin=Origin(trigger=Trigger.API), actor=SYSTEM
    )
    Workflow.objects.filter(key=key).update(workflow_code=code)
    Snapshot.objects.filter(pk=version.pk).update(live_from=timezone.now())
    WorkflowState.objects.filter(workflow__key=key).update(published=version)
    return Workflow.objects.select_related("project__instance", "state__published").get(key=key)


def make_item(workflow: Workflow, **values: Any) -> DriftItem:
    now = timezone.now()
    fields: dict[str, Any] = {
        "workflow": workflow,
        "project": workflow.project,
        "open_key": workflow.pk,
        "live_state": LiveState.NEWER,
        "kinds": [Kind.CONTENT],
        "severity": Severity.MEDIUM,
        "published": workflow.state.published,
        "found": "f" * 64,
        "summary": {"tasks_modified": 1},
        "evidence": {"paths": ["tasks.70010.taskParams.rawScript"]},
        "actor_name": "wang",
        "acted_at": now,
        "first_seen_at": now,
        "changed_at": now,
        "last_seen_at": now,
    }
    item = DriftItem.objects.create(**{**fields, **values})
    WorkflowState.objects.filter(workflow=workflow).update(live_state=item.live_state, checked_at=now)
    return again(item)


def again(item: DriftItem) -> DriftItem:
    return DriftItem.objects.select_related(
        "workflow__project__instance", "project__instance", "published", "assignee"
    ).get(pk=item.pk)
