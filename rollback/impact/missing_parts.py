"""What the version refers to must be there: preflight's own judgement, asked before there is a sync; and files of the resource centre."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_noop

from catalog.models import Workflow
from definitions.recode import Aliases
from definitions.resources import Resource, resources
from dolphin.client import DolphinClient
from dolphin.surroundings import Surroundings
from rollback.impact.asking import Asking
from rollback.impact.findings import Finding, Weight, some
from rollback.impact.prospect import Prospect
from snapshotter.aliases import aliases_of
from snapshotter.choices import ScheduleChoice
from snapshotter.masking import masked_value
from snapshotter.preflight.parts import Change, Problem, change_between
from snapshotter.preflight.preflight import problems_of

# Said by a finding of their own, also where DolphinScheduler can't be asked.
_SAID_ELSEWHERE = frozenset({"masked_value", "schedule_ended"})
_BY_PATH = gettext_noop("DolphinScheduler names files by path, or does not show them")


def missing_parts(prospect: Prospect, asking: Asking) -> Iterator[Finding]:
    """Of a workflow that is there only what changes is looked at, as by the publish itself. Raises ContentDamaged."""
    change = _change(prospect)
    found = asking.ask("references", lambda client: problems_of(change, client, _around(prospect, client)))
    if found is not None:
        yield from _said(problem for problem in found if problem.code not in _SAID_ELSEWHERE)
    yield from _resources(prospect, change, asking)


def _around(prospect: Prospect, client: DolphinClient) -> Surroundings:
    return Surroundings(client, prospect.workflow.project.code)


def _change(prospect: Prospect) -> Change:
    shown = prospect.look.canonical if prospect.look is not None else None
    is_gone = prospect.look is not None and not prospect.look.is_there
    code = None if is_gone else prospect.workflow.workflow_code
    change = change_between(prospect.target, shown, code, schedule=prospect.choices.schedule)
    return replace(
        change,
        aliases=_aliases(prospect.workflow, is_gone),
        wanted=replace(change.wanted, name=prospect.label),
        is_renamed=prospect.is_renamed,
        layout_differs=change.layout_differs and prospect.choices.with_layout,
        schedule=change.schedule if prospect.choices.schedule == ScheduleChoice.FROM_DEFINITION else None,
    )


def _aliases(workflow: Workflow, is_gone: bool) -> Aliases:
    """What it names itself by: its former code, where it is to be made anew."""
    return Aliases.of({}, origin_workflow=workflow.workflow_code) if is_gone else aliases_of(workflow)


def _said(problems: Iterator[Problem]) -> Iterator[Finding]:
    """One finding a kind; the sentences are preflight's."""
    parts: dict[tuple[str, Weight], list[Problem]] = {}
    for problem in problems:
        if problem.code == "name_taken":
            yield Finding("name_taken", Weight.REFUSED, masked_value(problem.values))
        else:
            parts.setdefault(_kind(problem), []).append(problem)
    for (code, weight), listed in parts.items():
        said = [{"code": row.code, "values": masked_value(row.values)} for row in listed]
        yield Finding(code, weight, {"problems": some(said)})


def _kind(problem: Problem) -> tuple[str, Weight]:
    if not problem.is_blocking:
        return "preflight_warns", Weight.NOTE
    return ("references_missing" if problem.code.endswith("_missing") else "preflight_refuses"), Weight.REFUSED


def _resources(prospect: Prospect, change: Change, asking: Asking) -> Iterator[Finding]:
    """DolphinScheduler takes a definition whose files are gone, so this refuses nothing: the tasks would fail."""
    needed = sorted({resource for task in change.tasks.values() for resource in resources(task)}, key=_by_name)
    if not needed:
        return
    answer = asking.ask("resources", lambda client: _files(_around(prospect, client)))
    if answer is None:
        return
    known, is_admin = answer
    if known is None or any(resource.number is None for resource in needed):
        asking.untold["resources"] = _BY_PATH
        return
    gone = [resource.name for resource in needed if resource.number not in known]
    if gone:
        weight = Weight.ACKNOWLEDGE if is_admin else Weight.NOTE
        code = "resources_missing" if is_admin else "resources_unseen"
        yield Finding(code, weight, {"names": some(gone), "count": len(gone)})


def _files(around: Surroundings) -> tuple[set[int] | None, bool]:
    return around.resources, around.is_admin


def _by_name(resource: Resource) -> tuple[str, int]:
    return resource.name, resource.number or 0
