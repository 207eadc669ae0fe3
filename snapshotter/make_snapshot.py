"""Writing the snapshot row, the same way for every trigger."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from audit.actors import Actor, user_of
from audit.context import current
from catalog.models import Workflow
from definitions.secrets import mask_text
from snapshotter import locks
from snapshotter.choices import Status, Trigger
from snapshotter.masking import masked_value
from snapshotter.models import Snapshot
from snapshotter.pieces import Pieces

_SHORT = 190  # characters of a column; a mask may be longer than what it hides


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a snapshot comes from: what made it, for whom and why (P2.4).

    These words are shown, logged and audited as they stand, and never go to DolphinScheduler: a secret pasted into them is replaced
    here, once, before it is kept anywhere.
    """

    trigger: Trigger
    trigger_ref: str = ""
    message: str = ""
    published_by: str = ""
    publish_task_ids: tuple[Any, ...] = ()
    task_metadata: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        clean = {
            "message": mask_text(self.message),
            "trigger_ref": mask_text(self.trigger_ref)[:_SHORT],
            "published_by": mask_text(self.published_by)[:_SHORT],
            "publish_task_ids": tuple(masked_value(list(self.publish_task_ids))),
            "task_metadata": masked_value(self.task_metadata),
        }
        for name, value in clean.items():
            object.__setattr__(self, name, value)


def make_snapshot(
    *,
    workflow: Workflow,
    pieces: Pieces,
    status: Status,
    origin: Origin,
    actor: Actor,
    dolphin_version: int | None = None,
    rollback_of: Snapshot | None = None,
    proven: bool = True,
    change_summary: dict[str, Any] | None = None,
) -> Snapshot:
    """Write the row under the next version number. Call inside a transaction, holding the workflow's lock.

    `proven` False means that it was never seen live.
    """
    return Snapshot.objects.create(
        workflow=workflow,
        project=workflow.project,
        workflow_code=workflow.workflow_code,
        version=locks.next_version(workflow),
        status=status,
        **asdict(pieces),
        change_summary=change_summary or {},
        publish_task_ids=list(origin.publish_task_ids),
        task_metadata=origin.task_metadata or {},
        trigger=origin.trigger,
        trigger_ref=origin.trigger_ref,
        message=origin.message,
        published_by=origin.published_by,
        created_by=user_of(actor),
        created_by_name=str(actor),
        client_address=current().address or None,
        request_id=current().request_id,
        rollback_of=rollback_of,
        source_flavour=workflow.project.instance.flavour,
        dolphin_version=dolphin_version,
        live_from=timezone.now() if status == Status.PUBLISHED and proven else None,
    )
