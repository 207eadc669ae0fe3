"""Preflight: what would fail, or would run into nothing, is said before DolphinScheduler is touched. Reads only.

Of a workflow that is there only what changes is looked at, so an ordinary publish asks DolphinScheduler for next to nothing. What a
list that we may not see would tell is a warning, never an obstacle.
"""

from typing import Any, Final

from django.utils import timezone

from definitions.recode import Aliases
from dolphin.client import DolphinClient
from dolphin.observe import Observation
from dolphin.surroundings import Surroundings
from snapshotter.failures import SyncFailed
from snapshotter.models import Sync
from snapshotter.preflight.content import content_problems
from snapshotter.preflight.parts import Change, Problem, change_of
from snapshotter.preflight.references import reference_problems
from snapshotter.preflight.schedule import schedule_problems
from snapshotter.preflight.settings import settings_problems

CODE: Final = "preflight"
STEP: Final = "preflight"
_SHOWN: Final = 10


def preflight(sync: Sync, live: Observation, client: DolphinClient, aliases: Aliases) -> None:
    """Raise SyncFailed("preflight") with all that stands in the way; keep the warnings with the sync. Before the first write only."""
    problems = problems_of(change_of(sync, live, aliases), client, Surroundings(client, sync.workflow.project.code))
    _keep(sync, problems)
    blocking = [problem for problem in problems if problem.is_blocking]
    if blocking:
        raise SyncFailed("preflight", _text(blocking), step=STEP)


def problems_of(change: Change, client: DolphinClient, around: Surroundings) -> list[Problem]:
    """Return all that stands in the way of a change, and the warnings. Keeps nothing. Raises DolphinError."""
    return [
        *content_problems(change, client.flavour),
        *settings_problems(change, client, around),
        *reference_problems(change, around),
        *schedule_problems(change, client, around.project, timezone.now()),
    ]


def _keep(sync: Sync, problems: list[Problem]) -> None:
    if not problems and CODE not in sync.result:
        return
    found: dict[str, Any] = {
        "problems": [problem.as_json() for problem in problems if problem.is_blocking],
        "warnings": [problem.as_json() for problem in problems if not problem.is_blocking],
    }
    sync.result = {**sync.result, CODE: found}
    Sync.objects.filter(pk=sync.pk, attempt=sync.attempt).update(result=sync.result)


def _text(problems: list[Problem]) -> str:
    lines = [f"{problem.code}: {problem.text}" for problem in problems[:_SHOWN]]
    more = len(problems) - _SHOWN
    return " ".join([*lines, f"And {more} more."] if more > 0 else lines)
