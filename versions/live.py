"""What DolphinScheduler holds of a workflow now, for readers: kept for some seconds, and read by few at once.

Enters: a workflow that the reader may see; who may see it is asked before, each time. Leaves: its canonical form. Nothing is kept of a
workflow that is being changed, and what a publish or capture has looked at since makes what was kept void.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.conf import settings

from catalog.clients import client_for
from catalog.errors import NotFound
from catalog.models import Workflow
from definitions.canonical import Canonical
from dolphin.observe import Observation, observe
from snapshotter.aliases import aliases_of
from snapshotter.failures import SyncFailed
from snapshotter.models import WorkflowState
from snapshotter.readers import Kept, reading


@dataclass(frozen=True, slots=True)
class Live:
    """What is there, and whether it would run: `schedule_online` None where there is no schedule.

    `version` is DolphinScheduler's number of it; `shown` what was read, but for the raw answer.
    """

    canonical: Canonical
    online: bool
    schedule_online: bool | None
    version: int | None = None
    shown: Observation | None = field(default=None, repr=False, compare=False)


_kept: Final[Kept[Live]] = Kept()


def live_of(workflow: Workflow) -> Live:
    """Return what is live, at most SNAPSHOTTER_LIVE_CACHE seconds old.

    Raises NotFound, LiveBusy, Conflict (the instance is paused), TokenUnreadable, DolphinError, SyncFailed (what is live is corrupt).
    """
    return _found(workflow, _read)


def observed_of(workflow: Workflow) -> Observation:
    """Return the same for a page that also says what is corrupt or gone; such is not kept. Raises as `live_of`, less for those."""
    shown: list[Observation] = []

    def read(workflow: Workflow) -> Live:
        shown.append(look_now(workflow))
        return _sound(shown[0])

    try:
        found = _found(workflow, read)
    except (NotFound, SyncFailed):
        if not shown:
            raise
        return shown[0]
    assert found.shown is not None  # noqa: S101  whatever is kept was read
    return found.shown


def _found(workflow: Workflow, read: Callable[[Workflow], Live]) -> Live:
    key = _key(workflow)
    found = _kept.fresh(key)
    if found is None:
        with reading(workflow.project.instance_id):
            found = _kept.fresh(key)  # another reader may have fetched it while this one waited
            if found is None:
                found = read(workflow)
                if _key(workflow) == key:  # else something was published, or is being, while it was read
                    _kept.keep(key, found)
    return found


def _key(workflow: Workflow) -> tuple[Any, ...] | None:
    """Return what a kept answer is known by, None where nothing may be kept."""
    state = WorkflowState.objects.filter(workflow=workflow).values_list("published", "checked_at", "lock").first()
    if not settings.SNAPSHOTTER["LIVE_CACHE"] or state is None or state[2] is not None:
        return None
    return workflow.pk, workflow.workflow_code, workflow.project_id, *state


def look_now(workflow: Workflow) -> Observation:
    """Return what DolphinScheduler shows this moment, for who is about to act on it: nothing kept, corrupt rows too.

    It waits for its turn among all calls (MAX_CALLS_PER_INSTANCE), not among readers: in an incident many act at once.
    Raises NotFound before the first create, Conflict (the instance is paused), TokenUnreadable, DolphinError.
    """
    if workflow.workflow_code is None:
        raise NotFound("The workflow is not in DolphinScheduler yet.", version="live")
    with client_for(workflow.project.instance) as client:
        return observe(client, workflow.project.code, workflow.workflow_code, aliases_of(workflow))


def _read(workflow: Workflow) -> Live:
    return _sound(look_now(workflow))


def _sound(shown: Observation) -> Live:
    if shown.problems:
        raise SyncFailed("corrupt", "; ".join(shown.problems))
    if shown.canonical is None:
        raise NotFound("DolphinScheduler has no such workflow any more.", version="live")
    schedule = shown.state.schedule
    return Live(
        shown.canonical,
        shown.state.online,
        schedule.online if schedule else None,
        shown.state.version,
        shown=replace(shown, raw=None),
    )
