"""What is told of a workflow that is gone: where DolphinScheduler has it, what it may be bound to, who still names it.

Enters: a workflow whose reader was asked for before. Looking takes a call for every governed project: few look at once, and what was found
is kept for some seconds. Which project has a workflow that was moved is told only to who may see that project.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from audit.actors import Actor
from catalog.clients import client_for
from catalog.models import Project, Workflow
from snapshotter.lost.candidates import Found, find
from snapshotter.lost.references_to import NamedBy, former_codes, references_to
from snapshotter.models import WorkflowState
from snapshotter.readers import Kept, reading

_kept: Final[Kept[Found]] = Kept()


@dataclass(frozen=True, slots=True)
class Told:
    """Tasks of workflows the reader may see, and how many others there are.

    `place`: the project that has the workflow, where the reader may see it; `is_in_hidden_project`: where they may not.
    """

    seen: tuple[NamedBy, ...]
    hidden: int
    is_whole: bool
    place: Project | None
    is_in_hidden_project: bool


def look(workflow: Workflow) -> Found:
    """Ask DolphinScheduler, or return what it said at most SNAPSHOTTER_LIVE_CACHE seconds ago.

    Raises LiveBusy, InstancePaused, TokenUnreadable, DolphinError.
    """
    key = _key(workflow)
    found = _kept.fresh(key)
    if found is None:
        with reading(workflow.project.instance_id):
            found = _kept.fresh(key)  # another reader may have looked while this one waited
            if found is None:
                with client_for(workflow.project.instance) as client:
                    found = find(client, workflow)
                if _key(workflow) == key:  # else it was restored, bound or captured while it was looked for
                    _kept.keep(key, found)
    return found


def told(workflow: Workflow, found: Found | None, reader: Actor) -> Told:
    """Return who names the workflow by a code it has no more, and where it is. `found` None: DolphinScheduler could not be asked."""
    place = found.place if found is not None else None
    names = references_to(workflow, former_codes(workflow, is_gone=place is None))
    mine = set(
        Workflow.objects.visible_to(reader)
        .filter(pk__in={one.workflow.pk for one in names.found})
        .values_list("pk", flat=True)
    )
    seen = tuple(one for one in names.found if one.workflow.pk in mine)
    is_hidden = place is not None and not Project.objects.visible_to(reader).filter(pk=place.pk).exists()
    return Told(seen, len(names.found) - len(seen), names.is_whole, None if is_hidden else place, is_hidden)


def _key(workflow: Workflow) -> tuple[Any, ...] | None:
    """Return what a kept answer is known by, None where nothing may be kept."""
    state = WorkflowState.objects.filter(workflow=workflow).values_list(
        *("published", "checked_at", "lock", "workflow__workflow_code", "workflow__project")
    )
    row = state.first()
    if not settings.SNAPSHOTTER["LIVE_CACHE"] or row is None or row[2] is not None:
        return None
    return workflow.pk, *row
