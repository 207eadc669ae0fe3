"""Adopt: what DolphinScheduler holds becomes the published version. DolphinScheduler is not written.

It is a capture like any other, so that the version is listed as one that is live and published; its message says why. It takes what
the item says was found, and nothing that was saved since.
"""

from typing import Any, Final

from django.utils.translation import gettext as _

from audit.actors import Actor
from catalog.choices import Mode
from catalog.errors import InvalidRequest, ProjectOff
from catalog.permissions import PUBLISH, require
from definitions.canonical import fingerprint
from definitions.secrets import mask_text
from drift.errors import NotAdoptable
from drift.models import DriftItem
from drift.move import hold
from rollback.errors import SeenMoved
from snapshotter.accepting import accept
from snapshotter.capture import accept_capture
from snapshotter.choices import LiveState, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync, WorkflowState

REFUSED: Final = "drift.adopt_refused"
NOTHING_THERE: Final = (LiveState.MISSING, LiveState.CORRUPT)


def adopt(item: DriftItem, *, actor: Actor, reason: str, seen: str = "") -> Sync:
    """Queue the capture whose success closes the item (`drift/follow.py`); a failed one leaves it standing.

    `seen`: the item's `found` that the person looked at, "" for whatever it says now. Raises NotAllowed, NotFound, InvalidRequest,
    ItemClosed, NotAdoptable, SeenMoved, WorkflowLocked, ProjectOff.
    """
    project = item.workflow.project
    require(actor, PUBLISH, project, event=REFUSED, about=item)
    if not reason.strip():
        raise InvalidRequest(_("Adopting needs a reason: it becomes the version's message."), field="reason")
    if project.mode == Mode.OFF:
        raise ProjectOff(project=project.scope)
    return accept(lambda: _queue(item, actor, mask_text(reason), seen))


def _queue(item: DriftItem, actor: Actor, reason: str, seen: str) -> Sync:
    WorkflowState.objects.select_for_update().get(workflow=item.workflow)  # before the item, as whoever notes a finding
    hold(item)
    if item.live_state in NOTHING_THERE:
        raise NotAdoptable(live_state=item.live_state)
    if seen not in ("", item.found):
        raise SeenMoved
    origin = Origin(trigger=Trigger.CAPTURE, trigger_ref=f"drift {item.pk}", message=reason)
    sync = accept_capture(item.workflow, origin=origin, actor=actor, bound=_bound(item))
    DriftItem.objects.filter(pk=item.pk).update(sync=sync)
    item.sync = sync
    return sync


def _bound(item: DriftItem) -> dict[str, Any]:
    """Return what live was when it was last looked at; where that is not known, nothing is that."""
    live = item.evidence.get("live", {})
    hashes = [live.get(name, "") for name in ("content_hash", "label_hash", "layout_hash")]
    return {
        "fingerprint": fingerprint(*hashes),
        "schedule_hash": live.get("schedule_hash"),
        "online": live.get("online"),
        "schedule_online": bool(live.get("schedule_online")),
    }
