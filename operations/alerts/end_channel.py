"""End a channel: nothing is sent to it any more, what waits in the outbox included."""

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from audit.record import record
from catalog.permissions import require_superuser
from operations.alerts.choices import State
from operations.alerts.models import AlertChannel


def end_channel(channel: AlertChannel, *, actor: Actor) -> bool:
    """End it; False when it was ended before. Raises NotAllowed."""
    require_superuser(actor, event="alert.channel_refused", target=channel)
    with transaction.atomic():
        if AlertChannel.objects.in_use().filter(pk=channel.pk).update(ended_at=timezone.now()) != 1:
            return False
        pending = channel.deliveries.filter(state=State.PENDING)
        pending.update(state=State.GIVEN_UP, error="the channel was ended")
        record("alert.channel_ended", actor=actor, target=channel)
    return True
