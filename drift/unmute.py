"""Unmute: a muted item is heard again, because somebody says so or because its time is over."""

from typing import Any, Final

from django.db import transaction

from audit.actors import SYSTEM, Actor
from audit.record import record
from catalog.permissions import TRIAGE_DRIFT, require
from definitions.secrets import mask_text
from drift.choices import ItemState
from drift.errors import NotMuted
from drift.models import DriftItem
from drift.move import hold, move

REFUSED: Final = "drift.unmute_refused"
_AT_ONCE: Final = 200


def unmute(item: DriftItem, *, actor: Actor, reason: str = "") -> DriftItem:
    """Open it again. Raises NotAllowed, NotFound, NotMuted, ItemClosed."""
    require(actor, TRIAGE_DRIFT, item.project, event=REFUSED, about=item)
    with transaction.atomic():
        if hold(item) != ItemState.MUTED:
            raise NotMuted(state=item.state)
        move(item, ItemState.OPEN, of=[ItemState.MUTED], muted_until=None)
        _tell(item, actor, reason=mask_text(reason))
    return item


def wake_due() -> int:
    """Open the muted items whose time is over; return how many. Safe to run by several at once."""
    rows = DriftItem.objects.mute_over().select_related("workflow", "project__instance").order_by("muted_until")
    return sum(_wake(item) for item in list(rows[:_AT_ONCE]))


def _wake(item: DriftItem) -> bool:
    """False where somebody was first, or has muted it for longer meanwhile."""
    with transaction.atomic():
        due = DriftItem.objects.mute_over().filter(pk=item.pk)
        if due.update(state=ItemState.OPEN, muted_until=None) != 1:
            return False
        item.refresh_from_db(fields=["kinds", "severity"])  # whoever is told must hear what it is by now
        detail = {"item": item.pk, "kinds": item.kinds, "severity": item.severity}
        _tell(item, SYSTEM, reason="Its time is over.", detail=detail)
    return True


def _tell(item: DriftItem, actor: Actor, **values: Any) -> None:
    record("drift.unmuted", actor=actor, target=item, scope=item.project.scope, **values)
