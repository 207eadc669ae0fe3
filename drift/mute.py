"""Mute: it is known and need not be told again for a while. It stands, and opens again when its time is over."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.permissions import TRIAGE_DRIFT, require
from definitions.secrets import mask_text
from drift.choices import ItemState
from drift.models import DriftItem
from drift.move import hold, move

REFUSED: Final = "drift.mute_refused"
MOST_DAYS: Final = 90


def mute(item: DriftItem, *, until: datetime, reason: str, actor: Actor) -> DriftItem:
    """Be silent until then, 90 days at most. Raises NotAllowed, NotFound, InvalidRequest, ItemClosed."""
    require(actor, TRIAGE_DRIFT, item.project, event=REFUSED, about=item)
    _check(until, reason)
    with transaction.atomic():
        state, former = hold(item), item.muted_until
        move(item, ItemState.MUTED, of=[state], muted_until=until)
        record(
            "drift.muted",
            actor=actor,
            target=item,
            scope=item.project.scope,
            reason=mask_text(reason),
            changes={"muted_until": (former.isoformat() if former else "", until.isoformat())},
        )
    return item


def _check(until: datetime, reason: str) -> None:
    if not reason.strip():
        raise InvalidRequest(_("Muting needs a reason."), field="reason")
    now = timezone.now()
    if not now < until <= now + timedelta(days=MOST_DAYS):
        raise InvalidRequest(
            _("Mute it until a moment within the next %(days)s days.") % {"days": MOST_DAYS}, field="until"
        )
