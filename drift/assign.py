"""Assign: who looks after it. Only somebody who may see it."""

from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.permissions import TRIAGE_DRIFT, VIEW, may, require
from drift.models import DriftItem
from drift.move import hold

REFUSED: Final = "drift.assign_refused"


def assign(item: DriftItem, *, name: str, actor: Actor) -> DriftItem:
    """Give it to somebody by their user name, "" to nobody. Raises NotAllowed, NotFound, InvalidRequest, ItemClosed."""
    require(actor, TRIAGE_DRIFT, item.project, event=REFUSED, about=item)
    to = _somebody(item, name) if name else None
    with transaction.atomic():
        hold(item)
        former = item.assignee
        if former == to:
            return item
        DriftItem.objects.filter(pk=item.pk).update(assignee=to)
        item.assignee = to
        record(
            "drift.assigned",
            actor=actor,
            target=item,
            scope=item.project.scope,
            changes={"assignee": (former or "", to or "")},
        )
    return item


def _somebody(item: DriftItem, name: str) -> User:
    """A name that nobody has is answered as one who may not see the project: who has an account here is nobody's business."""
    user: User | None = User.objects.filter(username=name, is_active=True).first()
    if user is None or not may(user, VIEW, item.project):
        raise InvalidRequest(_("Only somebody who may see the project can look after it."), field="to")
    return user
