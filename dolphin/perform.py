"""Doing one planned step: exactly one write to DolphinScheduler."""

from dataclasses import dataclass

from definitions.document import Document
from dolphin.client import DolphinClient
from dolphin.forms import definition_form, schedule_form
from dolphin.observe import Observation
from dolphin.plan import Action, Step


@dataclass(frozen=True, slots=True)
class Performed:
    """`code` is the created workflow's, None after any other step."""

    code: int | None = None


def perform(
    client: DolphinClient, project: int, step: Step, *, observation: Observation, target: Document
) -> Performed:
    """Do the step's one write; what is read for it is read first. `observation` is the look the step was planned from.

    Raises DolphinError.
    """
    if step.action == Action.CREATE:
        form = definition_form(target, flavour=client.flavour, live=None)
        return Performed(client.create(project, form))
    code = observation.state.code
    if code is None:
        raise ValueError(f"{step.action} needs a workflow")
    match step.action:
        case Action.WRITE:
            _write(client, project, code, observation, target)
        case Action.TAKE_OFFLINE | Action.PUT_ONLINE:
            client.release(project, code, online=step.action == Action.PUT_ONLINE)
        case _:
            _schedule(client, project, code, step, observation, target)
    return Performed()


def _write(client: DolphinClient, project: int, code: int, observation: Observation, target: Document) -> None:
    live = observation.raw or {}
    shown = {row["code"] for row in live.get("taskDefinitionList", [])}
    # A code that was in use before must be sent with a version DolphinScheduler knows, or its task can never be changed again.
    versions = {task: client.highest_task_version(project, task) for task in target.tasks if task not in shown}
    form = definition_form(target, flavour=client.flavour, live=live, task_versions=versions)
    client.update(project, code, form)


def _schedule(
    client: DolphinClient, project: int, code: int, step: Step, observation: Observation, target: Document
) -> None:
    flavour = client.flavour
    if step.action == Action.CREATE_SCHEDULE:
        form = schedule_form(target.schedule or {}, flavour=flavour, workflow_code=code)
        client.create_schedule(project, form)
        return
    schedule = observation.state.schedule
    if schedule is None or schedule.id is None:
        raise ValueError(f"{step.action} needs a schedule")
    match step.action:
        case Action.UPDATE_SCHEDULE:
            form = schedule_form(target.schedule or {}, flavour=flavour, workflow_code=None)
            client.update_schedule(project, schedule.id, form)
        case Action.DELETE_SCHEDULE:
            client.delete_schedule(project, schedule.id)
        case _:
            client.schedule_state(project, schedule.id, online=step.action == Action.PUT_SCHEDULE_ONLINE)
