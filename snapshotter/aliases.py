"""Which codes a governed workflow and its tasks have in DolphinScheduler, where they are not those they are known by here.

All that is read from DolphinScheduler passes through these to origin codes, and all that is written through them to present ones.
"""

from collections.abc import Mapping

from django.db import transaction

from catalog.models import Workflow
from definitions.recode import NO_ALIASES, Aliases
from snapshotter.errors import StateConflict
from snapshotter.models import FormerCode, Sync, TaskAlias


def aliases_of(workflow: Workflow) -> Aliases:
    """Return the workflow's aliases. One query for a workflow that was never made anew."""
    origin = FormerCode.objects.filter(workflow=workflow).values_list("code", flat=True).first()
    if origin is None:
        return NO_ALIASES
    pairs = TaskAlias.objects.filter(workflow=workflow).values_list("code", "origin_code")
    return Aliases.of(dict(pairs), origin_workflow=origin).at(workflow.workflow_code)


def aliases_at(workflow_code: int) -> Aliases:
    """Return the aliases of the workflow that has this code in DolphinScheduler, none where it is not governed."""
    workflow = Workflow.objects.filter(workflow_code=workflow_code, former_codes__isnull=False).first()
    return aliases_of(workflow) if workflow is not None else NO_ALIASES


def aliases_for(sync: Sync) -> Aliases:
    """Return those a sync reads and writes by: of a workflow that it makes anew, the codes made for it."""
    if not is_made_anew(sync):
        return aliases_of(sync.workflow)
    former = int(sync.options["restore"])
    origin = FormerCode.objects.filter(workflow=sync.workflow).values_list("code", flat=True).first()
    pairs = {int(code): int(origin_code) for origin_code, code in (sync.options.get("codes") or {}).items()}
    return Aliases.of(pairs, origin_workflow=origin or former)


def is_made_anew(sync: Sync) -> bool:
    """Whether this sync is to create the workflow in the place of one that is gone, and has not yet."""
    return "restore" in sync.options and sync.workflow.workflow_code == sync.options["restore"]


def code_of(sync: Sync) -> int | None:
    """Return the code under which this sync finds its workflow, None where it is yet to be created."""
    return None if is_made_anew(sync) else sync.workflow.workflow_code


def bind_anew(workflow: Workflow, code: int, pairs: Mapping[int, int]) -> None:
    """Let the workflow stand for another one in DolphinScheduler, whose tasks have these origins ({code there: origin code}).

    The row given stays as it was read: the caller's transaction may yet be undone.

    Raises StateConflict where it has been bound anew meanwhile, IntegrityError where another key has the code.
    """
    former = workflow.workflow_code
    with transaction.atomic():
        if Workflow.objects.filter(pk=workflow.pk, workflow_code=former).update(workflow_code=code) != 1:
            raise StateConflict
        if former is not None:
            FormerCode.objects.get_or_create(workflow=workflow, code=former)
        TaskAlias.objects.filter(workflow=workflow).delete()
        TaskAlias.objects.bulk_create(
            TaskAlias(workflow=workflow, code=task, origin_code=origin)
            for task, origin in sorted(pairs.items())
            if task != origin
        )
