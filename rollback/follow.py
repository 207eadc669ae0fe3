"""Follow: a request ends with its sync, in the same transaction."""

import logging
from typing import Any, Final

from audit.actors import SYSTEM
from audit.models import Outcome
from audit.record import record
from rollback.choices import State
from rollback.errors import RequestClosed
from rollback.models import RollbackRequest
from rollback.move import move
from snapshotter.choices import SyncState
from snapshotter.models import Sync

logger = logging.getLogger(__name__)

_OUTCOMES: Final = {State.DONE: Outcome.OK, State.FAILED: Outcome.FAILED}


def follow(sender: object, *, sync: Sync, **_: Any) -> None:
    """Receive `sync_ended`: done where DolphinScheduler was read back and equal, else failed."""
    request = (
        RollbackRequest.objects.select_related("project__instance", "workflow", "target")
        .filter(sync=sync, state=State.EXECUTING)
        .first()
    )
    if request is None:
        return
    sync.refresh_from_db(fields=["state", "error_code", "error_text", "result"])
    state = State.DONE if sync.state == SyncState.SUCCEEDED else State.FAILED
    try:
        move(request, [State.EXECUTING], state, closed_code=sync.error_code, closed_text=sync.error_text)
    except RequestClosed:  # somebody else has ended it; the sync must end all the same
        logger.warning("rollback=%s had ended before its sync=%s", request.pk, sync.pk)
        return
    record(
        f"rollback.{state}",
        actor=sync.actor or SYSTEM,
        target=request,
        scope=request.project.scope,
        outcome=_OUTCOMES[state],
        reason=f"{sync.error_code}: {sync.error_text}" if sync.error_code else "",
        detail={"sync": sync.pk, "snapshot": sync.snapshot_id, "effect": sync.result.get("effect", "")},
    )
