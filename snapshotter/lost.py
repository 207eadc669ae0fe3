"""What is told of a workflow that is gone: where DolphinScheduler has it, what it may be bound to, who still names it."""

from dataclasses import dataclass

from audit.actors import Actor
from catalog.clients import client_for
from catalog.models import Workflow
from snapshotter.candidates import Found, find
from snapshotter.references_to import NamedBy, former_codes, references_to


@dataclass(frozen=True, slots=True)
class Told:
    """Tasks of workflows the reader may see, and how many others there are."""

    seen: tuple[NamedBy, ...]
    hidden: int
    is_whole: bool


def look(workflow: Workflow) -> Found:
    """Ask DolphinScheduler. Raises InstancePaused, TokenUnreadable, DolphinError."""
    with client_for(workflow.project.instance) as client:
        return find(client, workflow)


def told(workflow: Workflow, found: Found | None, reader: Actor) -> Told:
    """Return who names the workflow by a code it has no more. `found` None: DolphinScheduler could not be asked."""
    is_gone = found is None or found.place is None
    names = references_to(workflow, former_codes(workflow, is_gone=is_gone))
    mine = set(
        Workflow.objects.visible_to(reader)
        .filter(pk__in={one.workflow.pk for one in names.found})
        .values_list("pk", flat=True)
    )
    seen = tuple(one for one in names.found if one.workflow.pk in mine)
    return Told(seen, len(names.found) - len(seen), names.is_whole)
