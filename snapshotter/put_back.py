"""Put the published version back: a second sync of it, no new version. It also repairs a workflow that DolphinScheduler has corrupted."""

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest, NotFound
from catalog.models import Workflow
from catalog.permissions import PUBLISH, require
from snapshotter.choices import ScheduleChoice, SyncKind
from snapshotter.gates import check_gates, refusals_recorded
from snapshotter.models import Sync, WorkflowState
from snapshotter.start import start
from snapshotter.writing import require_writing


def put_back(workflow: Workflow, *, actor: Actor, reason: str) -> Sync:
    """Bring DolphinScheduler to the published version, its schedule too, release states as we left them; what is overwritten is kept first.

    Raises InvalidRequest without a reason, NotFound where nothing is published, WorkflowLocked, NotAllowed, ProjectOff.
    """
    project = workflow.project
    require(actor, PUBLISH, project, event="put_back.refused")
    if not reason.strip():
        raise InvalidRequest("Putting back needs a reason.", field="reason")
    require_writing(project)
    with refusals_recorded("put_back.refused", project, actor), transaction.atomic():
        state = WorkflowState.objects.select_for_update().select_related("published").get(workflow=workflow)
        if state.published is None:
            raise NotFound("This workflow has no published version to put back.", key=workflow.key)
        sync = start(
            workflow,
            kind=SyncKind.PUBLISH,
            actor=actor,
            snapshot=state.published,
            schedule=ScheduleChoice.FROM_DEFINITION,
            force_reason=reason,
            options={"base": state.published_id, "put_back": True},
        )
        check_gates(sync)
        record(
            "put_back.accepted",
            actor=actor,
            target=state.published,
            scope=project.scope,
            reason=reason,
            detail={"sync": sync.pk},
        )
    return sync
