"""Acknowledge: somebody has seen it and says so. It stands until it is out of the way."""

from typing import Final

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.permissions import TRIAGE_DRIFT, require
from definitions.secrets import mask_text
from drift.choices import ItemState
from drift.models import DriftItem
from drift.move import hold, move

REFUSED: Final = "drift.acknowledge_refused"


def acknowledge(item: DriftItem, *, actor: Actor, reason: str = "") -> DriftItem:
    """Say that it is seen; one that is muted is heard again. Twice does nothing more. Raises NotAllowed, NotFound, ItemClosed."""
    require(actor, TRIAGE_DRIFT, item.project, event=REFUSED, about=item)
    with transaction.atomic():
        state = hold(item)
        if state == ItemState.ACKNOWLEDGED:
            return item
        move(item, ItemState.ACKNOWLEDGED, of=[state], muted_until=None)
        record("drift.acknowledged", actor=actor, target=item, scope=item.project.scope, reason=mask_text(reason))
    return item
