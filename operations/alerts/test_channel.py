"""Test a channel: send it a message on the way that every message goes, at once."""

import uuid

from django.db import transaction
from django.db.models.functions import Now

from audit.actors import Actor
from audit.record import record
from catalog.permissions import require_superuser
from operations.alerts.choices import Carries, Severity
from operations.alerts.errors import ChannelEnded
from operations.alerts.models import AlertChannel, AlertDelivery


def test_channel(channel: AlertChannel, *, actor: Actor) -> AlertDelivery:
    """Queue a test; the log shows how it went. A channel that is left alone for a while is tried now. Raises ChannelEnded, NotAllowed."""
    require_superuser(actor, event="alert.channel_refused", target=channel)
    with transaction.atomic():
        if AlertChannel.objects.in_use().filter(pk=channel.pk).update(due_at=None) != 1:
            raise ChannelEnded
        row = AlertDelivery.objects.create(
            channel=channel, carries=Carries.TEST, severity=Severity.LOW, delivery_id=uuid.uuid4(), due_at=Now()
        )
        record("alert.channel_tested", actor=actor, target=channel)
    row.refresh_from_db()
    return row


test_channel.__test__ = False  # type: ignore[attr-defined]  # a verb, not a test, whatever its name
