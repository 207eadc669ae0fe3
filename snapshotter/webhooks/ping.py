"""Test a webhook: send it a `ping`, on the way every message goes."""

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.permissions import MANAGE, require
from snapshotter.errors import WebhookNotApproved
from snapshotter.models import WebhookDelivery, WebhookEndpoint
from snapshotter.webhooks.address import may_send
from snapshotter.webhooks.announce import put


def test_webhook(endpoint: WebhookEndpoint, *, actor: Actor) -> WebhookDelivery:
    """Queue a ping; the delivery log shows how it went. Raises WebhookNotApproved, NotAllowed."""
    project = endpoint.project
    require(actor, MANAGE, project, event="webhook.refused")
    if not may_send(endpoint):
        raise WebhookNotApproved
    with transaction.atomic():
        delivery = put(endpoint, "ping", facts={"instance": project.instance.name, "project": project.code})
        record("webhook.tested", actor=actor, target=endpoint, scope=project.scope)
    return delivery


test_webhook.__test__ = False  # type: ignore[attr-defined]  # a verb, not a test, whatever its name
