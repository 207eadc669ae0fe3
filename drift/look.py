"""Reading one workflow whole, and judging it: what an inspection does where something moved, and a check always."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from catalog.models import Workflow
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected, DolphinUnexpected
from dolphin.observe import Observation
from drift.inspection.gone import Elsewhere, recreated_as
from drift.judge import Judgement, judge
from drift.models import IgnoreRule
from drift.seen import Seen
from snapshotter.choices import LiveState
from snapshotter.errors import ContentDamaged
from snapshotter.failures import from_dolphin
from snapshotter.models import ContentQuarantine, WorkflowState

Json = dict[str, Any]


def look(
    workflow: Workflow,
    read: Callable[[], Observation],
    *,
    elsewhere: Elsewhere,
    names: Callable[[], Iterable[Json]],
) -> Seen:
    """Read by `read`; where nothing is there, ask where it is. `names` are {"code", "name"} rows of the project.

    An answer that is about this workflow alone, a refusal or one that can't be understood, is a cause. Raises any other DolphinError.
    """
    here = partial(Seen, code=workflow.workflow_code, project=workflow.project.code)
    try:
        live = read()
        if live.state.code is not None:
            return here(live=live)
        moved = elsewhere.moved_to(workflow)
        anew = recreated_as(workflow, names()) if moved is None else None
        return here(live=live, moved_to=moved, recreated_as=anew)
    except (DolphinRejected, DolphinUnexpected) as error:
        problem = from_dolphin(error, step="read")
        return here(live=None, problem=(problem.code, problem.text))


def names_of(client: DolphinClient, workflow: Workflow) -> list[Json]:
    """Return {"code", "name"} of the workflows of its project. One call where the flavour has it. Raises DolphinError."""
    return client.version_probe(workflow.project.code)


def judged(workflow: Workflow, state: WorkflowState, seen: Seen) -> Judgement:
    """Judge by the rules and quarantines in force. A version of ours that is damaged can't be compared."""
    rules = IgnoreRule.objects.paths_for(workflow)
    quarantines = ContentQuarantine.objects.open().covering(workflow).values_list("content_hash", flat=True)
    try:
        return replace(judge(state, state.published, seen, rules, set(quarantines)), rules=rules)
    except ContentDamaged as error:
        return Judgement(live_state=LiveState.CANNOT_COMPARE, problem=(error.code, str(error)))
