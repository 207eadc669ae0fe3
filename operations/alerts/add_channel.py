"""Add a channel: where alerts may go. Which addresses we call is a superuser's to say."""

from django.db import transaction

from audit.access import trail
from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.permissions import require_superuser
from operations.alerts.address import place_of
from operations.alerts.choices import ChannelKind
from operations.alerts.models import AlertChannel


def add_channel(name: str, *, kind: str, address: str, secret: str = "", actor: Actor) -> tuple[AlertChannel, str]:
    """Return the new channel, and the signing secret that was made for a webhook ("" for others); it can't be shown again.

    `address` is a robot's or webhook's, or mail addresses with commas. Raises InvalidRequest, NotAllowed.
    """
    require_superuser(actor, event="alert.channel_refused", target=trail())
    if not name.strip() or kind not in ChannelKind.values:
        raise InvalidRequest("A channel needs a name and a kind.", field="name")
    place = place_of(kind, address.strip(), secret.strip())
    with transaction.atomic():
        channel = AlertChannel.objects.create(
            name=name.strip(),
            kind=kind,
            address_encrypted=place.encrypted,
            shown=place.shown,
            created_by_name=str(actor),
        )
        record("alert.channel_added", actor=actor, target=channel, detail={"kind": kind, "to": place.shown})
    return channel, place.secret
