"""Moves of an item: by conditional update, so that of two at once one wins and the other is told."""

from collections.abc import Collection
from typing import Final

from django.utils import timezone

from drift.choices import STANDING, ItemState
from drift.errors import ItemClosed
from drift.models import DriftItem

_MOVES: Final = ("state", "live_state", "found", "assignee", "muted_until", "evidence", "kinds", "content_hash")


def hold(item: DriftItem) -> ItemState:
    """Lock the item, read it again and return its state. Raises ItemClosed. Call inside the act's transaction."""
    DriftItem.objects.select_for_update().get(pk=item.pk)
    item.refresh_from_db(fields=_MOVES)
    if not item.is_standing:
        raise ItemClosed(state=item.state)
    return ItemState(item.state)


def move(item: DriftItem, state: ItemState, *, of: Collection[str] = STANDING, **values: object) -> None:
    """Move an item that is still in one of the states, or raise ItemClosed. Call inside the act's transaction."""
    if state not in STANDING:
        values |= {"open_key": None, "closed_at": timezone.now()}
    if DriftItem.objects.filter(pk=item.pk, state__in=of).update(state=state, **values) != 1:
        raise ItemClosed(state=DriftItem.objects.values_list("state", flat=True).get(pk=item.pk))
    item.refresh_from_db(fields=["state", *values])
