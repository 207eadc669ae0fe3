"""Approve a webhook: a superuser lets messages go to its address."""

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from audit.record import record
from catalog.permissions import require_superuser
from snapshotter.models import WebhookEndpoint


def approve_webhook(endpoint: WebhookEndpoint, *, actor: Actor) -> bool:
    """Approve the address; False when it was approved or ended before. Raises NotAllowed."""
    scope = endpoint.project.scope
    require_superuser(actor, event="webhook.refused", target=endpoint, scope=scope)
    with transaction.atomic():
        waiting = WebhookEndpoint.objects.filter(pk=endpoint.pk, approved_at=None, ended_at=None)
        if waiting.update(approved_at=timezone.now(), approved_by_name=str(actor)) != 1:
            return False
        record("webhook.approved", actor=actor, target=endpoint, scope=scope)
    return True
