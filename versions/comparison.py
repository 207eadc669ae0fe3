"""Comparing any two states of a workflow: version with version, or with what DolphinScheduler holds now."""

from dataclasses import dataclass, replace

from catalog.clients import client_for
from catalog.errors import Conflict, InvalidRequest, NotFound, TokenUnreadable
from catalog.models import Workflow
from definitions.compare import Comparison, compare
from definitions.document import Document
from dolphin.observe import observe
from snapshotter.errors import ContentDamaged
from snapshotter.failures import SyncFailed
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.store import document_of

# Why a side can't be shown now, besides what DolphinScheduler answers: the instance is paused, its token unreadable, a version damaged.
CAUSES = (Conflict, TokenUnreadable, ContentDamaged)


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its name in the URL, the definition, and the snapshot where it has one."""

    name: str
    document: Document
    snapshot: Snapshot | None


def side(workflow: Workflow, name: str) -> Side:
    """Resolve "7", "latest", "published" or "live". Raises NotFound, InvalidRequest, DolphinError (live), SyncFailed (live is corrupt)."""
    if name == "live":
        return Side(name, _live(workflow), None)
    snapshot = snapshot_named(workflow, name)
    return Side(name, document_of(snapshot), snapshot)


def snapshot_named(workflow: Workflow, name: str) -> Snapshot:
    """Return the snapshot a URL names: a version number, "latest" (highest number that is not a recovered one) or "published"."""
    if name == "published":
        snapshot = WorkflowState.objects.select_related("published").get(workflow=workflow).published
    elif name == "latest":
        snapshot = Snapshot.objects.for_workflow(workflow).without_recovered().latest_first().first()
    elif name.isascii() and name.isdigit() and len(name) < 10:
        snapshot = Snapshot.objects.for_workflow(workflow).filter(version=int(name)).first()
    else:
        raise InvalidRequest("A version is a number, latest, published or live.", version=name[:50])
    if snapshot is None:
        raise NotFound("This workflow has no such version.", version=name)
    return snapshot


def compare_sides(left: Side, right: Side) -> Comparison:
    """Compare; where one side does not know its schedule, schedules say nothing."""
    if schedule_unknown(left) or schedule_unknown(right):
        return compare(replace(left.document, schedule=None), replace(right.document, schedule=None))
    return compare(left.document, right.document)


def schedule_unknown(side: Side) -> bool:
    return side.snapshot is not None and side.snapshot.schedule_id is None


def _live(workflow: Workflow) -> Document:
    if workflow.workflow_code is None:
        raise NotFound("The workflow is not in DolphinScheduler yet.", version="live")
    with client_for(workflow.project.instance) as client:
        live = observe(client, workflow.project.code, workflow.workflow_code)
    if live.problems:
        raise SyncFailed("corrupt", "; ".join(live.problems))
    if live.canonical is None:
        raise NotFound("DolphinScheduler has no such workflow any more.", version="live")
    return live.canonical.document
