"""Doing one planned step: what it needs is read first, then exactly one write to DolphinScheduler."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from definitions.document import Document
from definitions.recode import NO_ALIASES, Aliases
from dolphin.client import DolphinClient
from dolphin.cure import cured_rows, with_rows
from dolphin.forms import definition_form, schedule_form
from dolphin.observe import Json, Observation
from dolphin.plan import Action, Step


@dataclass(frozen=True, slots=True)
class Performed:
    """`code` is the created workflow's, None after any other step."""

    code: int | None = None


Write = Callable[[], Performed]
Target = Callable[[], Document]


def ready(
    client: DolphinClient,
    project: int,
    step: Step,
    *,
    observation: Observation,
    target: Target,
    aliases: Aliases = NO_ALIASES,
) -> Write:
    """Read what the step needs and return its one write, ready to be sent: whoever holds a lease renews it in between.

    `observation` is the look the step was planned from; `target` gives the definition, asked only where the step writes one;
    it is written with the codes that `aliases` say.
    Raises DolphinError, Incurable.
    """
    code = observation.state.code
    coded = aliases.at(code)
    if step.action == Action.CREATE:
        return partial(_create, client, project, coded.to_present(target()))
    if code is None:
        raise ValueError(f"{step.action} needs a workflow")
    match step.action:
        case Action.WRITE:
            return _write(client, project, code, observation.raw or {}, coded.to_present(target()))
        case Action.CURE:
            return _cure(client, project, code, observation.raw or {}, coded.to_present(target()))
        case Action.TAKE_OFFLINE | Action.PUT_ONLINE:
            return _then(partial(client.release, project, code, online=step.action == Action.PUT_ONLINE))
    return _then(_schedule(client, project, code, step, observation, target))


def perform(
    client: DolphinClient, project: int, step: Step, *, observation: Observation, target: Document
) -> Performed:
    """Do a step at once. Raises DolphinError, Incurable."""
    return ready(client, project, step, observation=observation, target=lambda: target)()


def _then(call: Callable[[], object]) -> Write:
    def write() -> Performed:
        call()
        return Performed()

    return write


def _create(client: DolphinClient, project: int, target: Document) -> Performed:
    return Performed(client.create(project, definition_form(target, flavour=client.flavour, live=None)))


def _write(client: DolphinClient, project: int, code: int, live: Json, target: Document) -> Write:
    shown = {row["code"] for row in live.get("taskDefinitionList", [])}
    # A code that was in use before must be sent with a version DolphinScheduler knows, or its task can never be changed again.
    versions = {task: client.highest_task_version(project, task) for task in target.tasks if task not in shown}
    form = definition_form(target, flavour=client.flavour, live=live, task_versions=versions)
    return _then(partial(client.update, project, code, form))


def _cure(client: DolphinClient, project: int, code: int, live: Json, target: Document) -> Write:
    rows = cured_rows(client, project, live)
    form = definition_form(target, flavour=client.flavour, live=with_rows(live, rows))
    return _then(partial(client.update, project, code, form))


def _schedule(
    client: DolphinClient, project: int, code: int, step: Step, observation: Observation, target: Target
) -> Callable[[], object]:
    flavour = client.flavour
    if step.action == Action.CREATE_SCHEDULE:
        form = schedule_form(target().schedule or {}, flavour=flavour, workflow_code=code)
        return partial(client.create_schedule, project, form)
    schedule = observation.state.schedule
    if schedule is None or schedule.id is None:
        raise ValueError(f"{step.action} needs a schedule")
    match step.action:
        case Action.UPDATE_SCHEDULE:
            form = schedule_form(target().schedule or {}, flavour=flavour, workflow_code=None)
            return partial(client.update_schedule, project, schedule.id, form)
        case Action.DELETE_SCHEDULE:
            return partial(client.delete_schedule, project, schedule.id)
    return partial(client.schedule_state, project, schedule.id, online=step.action == Action.PUT_SCHEDULE_ONLINE)
