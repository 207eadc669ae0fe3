"""Finding what a page's address names, among what the reader may see."""

from django.http import HttpRequest

from catalog.errors import NotFound
from catalog.models import Workflow
from catalog.pages import actor_of
from snapshotter.models import MissedFire, Sync, WorkflowState


def workflow_of(request: HttpRequest, key: str) -> Workflow:
    """Return the workflow with its project, instance and state. Raises NotFound, also where the reader may not see it."""
    found: Workflow | None = (
        Workflow.objects.visible_to(actor_of(request))
        .select_related("project__instance", "state__published", "state__lock")
        .with_key(key)
        .first()
    )
    if found is None:
        raise NotFound
    if not hasattr(found, "state"):  # an odd row; shown as one nobody has looked at
        found.state = WorkflowState(workflow=found)
    return found


def sync_of(request: HttpRequest, sync_id: int) -> Sync:
    """Return the sync with its workflow, version and steps. Raises NotFound."""
    found: Sync | None = (
        Sync.objects.visible_to(actor_of(request))
        .select_related("workflow__project__instance", "snapshot")
        .prefetch_related("steps")
        .filter(pk=sync_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def fires_of(sync: Sync) -> list[MissedFire]:
    """Return the fires a sync has swallowed; one that held no schedule off at a fire costs no query."""
    return list(sync.missed_fires.named().order_by("due_at")) if "schedule_off" in sync.result else []
