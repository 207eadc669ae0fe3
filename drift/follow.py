"""Follow: an item ends with the sync that takes it out of the way, in the same transaction, whoever began that sync."""

import logging
from typing import Any, Final

from audit.actors import SYSTEM
from audit.record import record
from drift.choices import ItemState
from drift.errors import ItemClosed
from drift.inspection.marks import distrust
from drift.models import DriftItem
from drift.move import move
from snapshotter.choices import SyncKind, SyncState
from snapshotter.models import Sync

logger = logging.getLogger(__name__)

EVENTS: Final = {
    ItemState.ADOPTED: "drift.adopted",
    ItemState.PUT_BACK: "drift.put_back",
    ItemState.RESOLVED: "drift.resolved",
}


def follow(sender: object, *, sync: Sync, **_: Any) -> None:
    """Receive `sync_ended`. One that succeeded has read DolphinScheduler back; one that failed is named by the item it was to close."""
    distrust(sync.workflow_id)  # whatever came of it
    rows = DriftItem.objects.select_related("project__instance", "workflow")
    item = rows.filter(open_key=sync.workflow_id).first()
    if item is None:
        return
    sync.refresh_from_db(fields=["state", "snapshot"])
    if sync.state == SyncState.SUCCEEDED:
        _close(item, sync)
    elif "put_back" in sync.options:  # a capture that was to adopt it is named already
        DriftItem.objects.filter(pk=item.pk).update(sync=sync)


def became(sync: Sync) -> ItemState:
    """Return what an item becomes by a sync that succeeded: a publish of anything else is no way out that somebody chose."""
    if sync.kind == SyncKind.CAPTURE:
        return ItemState.ADOPTED
    return ItemState.PUT_BACK if "put_back" in sync.options else ItemState.RESOLVED


def _close(item: DriftItem, sync: Sync) -> None:
    state, reason = became(sync), str(sync.options.get("message") or sync.force_reason or "")
    try:
        move(item, state, sync=sync, closed_by_name=sync.actor_name, closed_reason=reason)
    except ItemClosed:  # somebody else has closed it; the sync must end all the same
        logger.warning("drift=%s was closed before its sync=%s", item.pk, sync.pk)
        return
    record(
        EVENTS[state],
        actor=sync.actor or SYSTEM,
        target=item,
        scope=item.project.scope,
        reason=reason,
        detail={"sync": sync.pk, "snapshot": sync.snapshot_id},
    )
