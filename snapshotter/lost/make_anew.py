"""The worker's part of making a workflow anew: it must be gone, and its tasks get codes that DolphinScheduler has never seen.

A code that was in use before a deletion can't be used again: some releases keep its rows and then lose or double them. The codes are
kept with the sync before the create is sent, so that a create whose answer was lost is known by them; they become the workflow's own
together with its new code, in one transaction (`aliases.bind_anew`).
"""

from typing import Final

from catalog.models import Project, Workflow
from definitions.canonical import canonicalise
from definitions.document import Document
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from dolphin.observe import Observation
from snapshotter import finish
from snapshotter.aliases import aliases_for, aliases_of, is_made_anew
from snapshotter.claim import LeaseLost, renew
from snapshotter.failures import SyncFailed
from snapshotter.journal import Journal
from snapshotter.models import Sync, TaskAlias
from snapshotter.store import document_of
from snapshotter.target import Target

_NO_PROJECT: Final = frozenset({10018, 10190})  # the project itself is gone
STILL_THERE: Final = "still_in_dolphin"
MOVED: Final = "moved_in_dolphin"


def make_ready(sync: Sync, live: Observation, client: DolphinClient, journal: Journal) -> None:
    """Give fresh codes to the tasks that need them, before the first write. Nothing to do for a workflow that was never made anew.

    Raises SyncFailed where the workflow to be made anew is there after all, DolphinError, LeaseLost.
    """
    if not is_made_anew(sync):
        _codes_for_returning_tasks(sync, live, client, journal)
        return
    place = journal.read(lambda: find_place(client, sync.workflow))
    if place is not None:
        raise _found(sync, place)
    if not sync.options.get("codes"):
        _keep_codes(sync, client, journal)


def find_place(client: DolphinClient, workflow: Workflow) -> Project | None:
    """Return the governed project of the instance in which DolphinScheduler has the workflow, None where none of them has it.

    One call a project: DolphinScheduler can move workflows. Raises DolphinError.
    """
    own: Project = workflow.project
    others = Project.objects.filter(instance=own.instance_id).exclude(pk=own.pk).order_by("pk")
    places: list[Project] = [own, *others]
    for project in places:
        if workflow.workflow_code is not None and _has(client, project.code, workflow.workflow_code):
            return project
    return None


def as_created(sync: Sync, code: int | None, goal: Target) -> str | None:
    """Return the fingerprint of a workflow just after its create, where it names itself: its own code could not be known then.

    `code` is the one it got. None where the create makes it whole.
    """
    aliases = aliases_for(sync).at(code)
    if code is None or goal.snapshot_id is None or aliases.origin_workflow is None:
        return None
    document = goal.document()
    shown = aliases.to_origins(aliases.at(None).to_present(document))
    return canonicalise(shown, check=False).fingerprint if shown != document else None


def _has(client: DolphinClient, project: int, code: int) -> bool:
    try:
        return client.definition(project, code) is not None
    except DolphinRejected as error:
        if error.dolphin_code in _NO_PROJECT:
            return False
        raise


def _found(sync: Sync, place: Project) -> SyncFailed:
    if place.pk == sync.workflow.project_id:
        finish.note_found(sync)
        return SyncFailed(
            STILL_THERE, "DolphinScheduler has the workflow (again). Capture it, then compare.", step="read"
        )
    # Which one is told on the restore page, to who may see it: a sync is read by whoever sees this project.
    return SyncFailed(
        MOVED,
        "DolphinScheduler has the workflow in another project now. Its restore page says which, to who may see that one.",
        step="read",
    )


def _keep_codes(sync: Sync, client: DolphinClient, journal: Journal) -> None:
    origins = sorted(_document(sync).tasks)
    fresh = journal.read(lambda: client.task_codes(sync.workflow.project.code, len(origins)))
    sync.options = {**sync.options, "codes": {str(origin): code for origin, code in zip(origins, fresh, strict=False)}}
    if Sync.objects.filter(pk=sync.pk, attempt=sync.attempt).update(options=sync.options) != 1:
        raise LeaseLost(sync=sync.pk)


def _codes_for_returning_tasks(sync: Sync, live: Observation, client: DolphinClient, journal: Journal) -> None:
    """A task that comes back from before the deletion, and was not among those made anew, gets a fresh code too."""
    aliases = aliases_of(sync.workflow)
    if aliases.origin_workflow is None or live.canonical is None:
        return
    known = set(aliases.pairs.values()) | live.canonical.document.tasks.keys()
    project = sync.workflow.project.code
    absent = sorted(_document(sync).tasks.keys() - known)
    used = [task for task in absent if journal.read(lambda code=task: client.highest_task_version(project, code)) > 0]  # type: ignore[misc]
    if not used:
        return
    fresh = journal.read(lambda: client.task_codes(project, len(used)))
    renew(sync)
    TaskAlias.objects.bulk_create(
        TaskAlias(workflow=sync.workflow, code=code, origin_code=origin)
        for origin, code in zip(used, fresh, strict=False)
    )


def _document(sync: Sync) -> Document:
    assert sync.snapshot is not None  # noqa: S101  a publish has its draft from the start
    return document_of(sync.snapshot)
