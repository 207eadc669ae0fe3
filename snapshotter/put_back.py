"""Put the published version back: a second sync of it, no new version. It also repairs a workflow that DolphinScheduler has corrupted."""

from dataclasses import dataclass
from typing import Any, Final

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest, NotFound
from catalog.models import Workflow
from catalog.permissions import PUT_BACK, require
from definitions.secrets import mask_text
from snapshotter.accepting import accept
from snapshotter.choices import ScheduleChoice, SyncKind
from snapshotter.gates.gates import check_gates, refusals_recorded
from snapshotter.guards import Guards
from snapshotter.models import Sync, WorkflowState
from snapshotter.start import start
from snapshotter.writing import require_writing

REFUSED: Final = "put_back.refused"
GUARDS: Final = Guards(REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """`bound`: what live must still be, as in `republish.Republish`; None: whatever it is by then is overwritten, and kept first."""

    reason: str
    bound: dict[str, str | bool | None] | None = None
    wait_for_runs: bool = False
    override_freeze: str = ""


def put_back(workflow: Workflow, *, actor: Actor, reason: str) -> Sync:
    """Bring DolphinScheduler to the published version, its schedule too, release states as we left them; what is overwritten is kept first.

    Raises InvalidRequest without a reason, NotFound where nothing is published, WorkflowLocked, NotAllowed, ProjectOff, and what
    the guards have against it, such as a missing approval.
    """
    project = workflow.project
    require(actor, PUT_BACK, project, event=REFUSED)
    if not reason.strip():
        raise InvalidRequest("Putting back needs a reason.", field="reason")
    require_writing(project)
    GUARDS.ask(workflow, None, actor)
    with refusals_recorded(REFUSED, project, actor):
        return accept(lambda: accept_put_back(workflow, PutBack(reason=mask_text(reason)), actor=actor))


def accept_put_back(workflow: Workflow, order: PutBack, *, actor: Actor) -> Sync:
    """Take the lock and queue the sync. Call inside a transaction, the right asked for.

    Raises NotFound, WorkflowLocked, Frozen, Quarantined.
    """
    state = WorkflowState.objects.select_for_update().select_related("published").get(workflow=workflow)
    if state.published is None:
        raise NotFound("This workflow has no published version to put back.", key=workflow.key)
    sync = start(
        workflow,
        kind=SyncKind.PUBLISH,
        actor=actor,
        snapshot=state.published,
        schedule=ScheduleChoice.FROM_DEFINITION,
        force_reason=order.reason,
        options=_options(order, state.published_id),
    )
    check_gates(sync)
    record(
        "put_back.accepted",
        actor=actor,
        target=state.published,
        scope=workflow.project.scope,
        reason=order.reason,
        detail={"sync": sync.pk},
    )
    return sync


def _options(order: PutBack, published: int | None) -> dict[str, Any]:
    options: dict[str, Any] = {"base": published, "put_back": True}
    if order.bound is not None:
        options |= {"bound": order.bound, "wait_for_runs": order.wait_for_runs}
    return options | ({"override_freeze": mask_text(order.override_freeze)} if order.override_freeze else {})
