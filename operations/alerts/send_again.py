"""Send again: a message that was given up, or that somebody has lost."""

from django.db import transaction
from django.db.models.functions import Now

from audit.actors import Actor
from audit.record import record
from operations.alerts.charge import require_charge
from operations.alerts.choices import State
from operations.alerts.errors import AlertWaiting, ChannelEnded
from operations.alerts.models import AlertChannel, AlertDelivery


def send_again(row: AlertDelivery, *, actor: Actor) -> None:
    """Queue it once more, with the same delivery id and text. Raises AlertWaiting, ChannelEnded, NotAllowed, NotFound."""
    project = row.rule.project if row.rule else None
    require_charge(actor, project, event="alert.send_again_refused", about=row.channel)
    with transaction.atomic():
        if AlertChannel.objects.in_use().filter(pk=row.channel_id).update(due_at=None) != 1:
            raise ChannelEnded
        ended = AlertDelivery.objects.filter(pk=row.pk, state__in=(State.DELIVERED, State.GIVEN_UP))
        if ended.update(state=State.PENDING, due_at=Now(), begun_at=None, delivered_at=None, error="") != 1:
            raise AlertWaiting
        scope = project.scope if project else ""
        detail = {"delivery": str(row.delivery_id), "kind": row.kind}
        record("alert.sent_again", actor=actor, target=row.channel, scope=scope, detail=detail)
