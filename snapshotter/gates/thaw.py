"""Thaw: end a freeze window before its time, or a weekly one for good."""

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from audit.record import record
from snapshotter.gates.freeze import may_freeze, scope_of
from snapshotter.models import FreezeWindow


def thaw(window: FreezeWindow, *, actor: Actor) -> bool:
    """End the window; False when it was ended already. Whoever may impose it may end it. Raises NotAllowed."""
    may_freeze(window, actor)
    with transaction.atomic():
        ended = FreezeWindow.objects.open().filter(pk=window.pk)
        if ended.update(ended_at=timezone.now(), ended_by_name=str(actor)) != 1:
            return False
        record("freeze.lifted", actor=actor, target=window, scope=scope_of(window), reason=window.reason)
    return True
