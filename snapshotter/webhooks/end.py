"""End a webhook: nothing is told to it any more, what waits in the outbox included."""

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from audit.record import record
from catalog.permissions import MANAGE, require
from snapshotter.choices import DeliveryState
from snapshotter.models import WebhookEndpoint


def end_webhook(endpoint: WebhookEndpoint, *, actor: Actor) -> bool:
    """End it; False when it was ended before. Raises NotAllowed."""
    project = endpoint.project
    require(actor, MANAGE, project, event="webhook.refused")
    with transaction.atomic():
        ended = WebhookEndpoint.objects.filter(pk=endpoint.pk, ended_at=None).update(ended_at=timezone.now())
        if ended != 1:
            return False
        pending = endpoint.deliveries.filter(state=DeliveryState.PENDING)
        pending.update(state=DeliveryState.GIVEN_UP, error="the webhook was ended")
        record("webhook.ended", actor=actor, target=endpoint, scope=project.scope)
    return True
