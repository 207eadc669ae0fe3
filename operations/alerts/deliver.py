"""Deliver alerts out of the outbox. At least once: receivers tell a repetition by its delivery id.

Claiming moves `due_at` ahead under the database's clock, as for webhooks, so two senders never hold one message and a dead sender's is
due again. A channel that did not take a message is left alone for a growing while: what waits for it costs the others nothing.
"""

import json
import logging
from datetime import timedelta
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone, translation

from audit.actors import SYSTEM
from audit.models import Outcome
from audit.record import record
from catalog.deployment import is_ours
from catalog.errors import ServiceError
from catalog.secrets_at_rest import decrypt
from operations.alerts.choices import ChannelKind, State
from operations.alerts.digest import message_of
from operations.alerts.message import Message, bare
from operations.alerts.models import AlertChannel, AlertDelivery
from operations.alerts.send import hook, mail, robots
from operations.alerts.send.sent import Letter, Sent
from snapshotter.claim import in_seconds

logger = logging.getLogger(__name__)

GIVE_UP: Final = timedelta(days=1)
_FIRST_PAUSE, _LONGEST_PAUSE = 10.0, 3600.0  # seconds, doubled in between
_LONGEST_REST: Final = 300.0  # seconds a channel is left alone
_CLAIM: Final = 60.0  # seconds after which a sender counts as dead


def deliver_due(seconds: float) -> int:
    """Send what is due, one message a channel and round, for at most so long; return how many were sent."""
    until, sent = monotonic() + seconds, 0
    while monotonic() < until:
        channels = list(AlertChannel.objects.to_send().order_by("id").values_list("pk", flat=True))
        taken = sum(deliver_next(pk) for pk in channels if monotonic() < until)
        if not taken:
            break
        sent += taken
    return sent


def deliver_channel(channel: int, seconds: float) -> int:
    """The same for one channel, so that each may have a worker of its own."""
    until, sent = monotonic() + seconds, 0
    while monotonic() < until and AlertChannel.objects.to_send().filter(pk=channel).exists():
        if not deliver_next(channel):
            break
        sent += 1
    return sent


def deliver_next(channel: int) -> bool:
    """Send the message of a channel that is due longest; False where there is none, or another sender has it."""
    waiting = AlertDelivery.objects.due().filter(channel=channel).order_by("due_at", "id")
    number = waiting.values_list("pk", flat=True).first()
    return number is not None and deliver(number)


def deliver(pk: int) -> bool:
    """Send one message if it is due; False when it is not, or somebody else has it, or this is a copied database."""
    claimed = (
        AlertDelivery.objects.due()
        .filter(pk=pk)
        .update(due_at=in_seconds(_CLAIM), attempts=F("attempts") + 1, begun_at=Coalesce(F("begun_at"), Now()))
        if is_ours()
        else 0
    )
    if not claimed:
        return False
    row = AlertDelivery.objects.select_related("channel", "rule").get(pk=pk)
    sent = _tried(row)
    if sent.error:
        _put_off(row, sent)
    else:
        _delivered(row, sent)
    return True


def _tried(row: AlertDelivery) -> Sent:
    """Send; what nobody has thought of must not keep the other channels waiting, nor this message from being tried again."""
    try:
        return _send(row)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  said in the log and tried again; its text may hold the address, which is a secret
        logger.error("alert=%s could not be sent: %s", row.delivery_id, type(error).__name__)
        return Sent(type(error).__name__[:200])


def _send(row: AlertDelivery) -> Sent:
    channel = row.channel
    if channel.ended_at is not None:
        return Sent("the channel was ended")
    try:
        address = json.loads(decrypt(channel.address_encrypted))
    except ServiceError as error:
        return Sent(error.code)
    letter = Letter(_message(row), str(row.delivery_id), row.created_at.isoformat())
    with translation.override(row.rule.language if row.rule else settings.LANGUAGE_CODE):
        if channel.kind == ChannelKind.MAIL:
            return mail.send(address, letter)
        if channel.kind == ChannelKind.WEBHOOK:
            return hook.send(address, letter)
        return robots.send(channel.kind, address, letter)


def _message(row: AlertDelivery) -> Message:
    """Compose it before the first sending, and keep it: each repetition says the same."""
    if not row.message:
        try:
            row.message = message_of(row)
        except DatabaseError:
            raise
        except Exception:  # that something happened is told, whatever keeps us from saying it well
            logger.exception("alert=%s is told in one line", row.delivery_id)
            row.message = bare(row)
        AlertDelivery.objects.filter(pk=row.pk, attempts=row.attempts).update(message=row.message)
    return row.message  # type: ignore[no-any-return]  # a JSON column


def _delivered(row: AlertDelivery, sent: Sent) -> None:
    if _note(row, state=State.DELIVERED, delivered_at=Now(), http_status=sent.status, error=""):
        robot = robots.ROBOTS.get(ChannelKind(row.channel.kind))
        rest = in_seconds(robot.pause) if robot else None
        AlertChannel.objects.filter(pk=row.channel_id).update(failures=0, due_at=rest)


def _put_off(row: AlertDelivery, sent: Sent) -> None:
    logger.warning("alert=%s attempt=%s was not taken: %s", row.delivery_id, row.attempts, sent.error)
    begun = row.begun_at or timezone.now()
    if timezone.now() - begun >= GIVE_UP:
        _give_up(row, sent)
    else:
        _note(row, due_at=in_seconds(_pause(row.attempts, _LONGEST_PAUSE)), http_status=sent.status, error=sent.error)
    _leave_alone(row.channel_id)


def _pause(failures: int, longest: float) -> float:
    """Seconds, doubled with each failure; the exponent is bounded, so that no number grows beyond a float."""
    return float(min(longest, _FIRST_PAUSE * 2 ** min(max(failures, 1) - 1, 20)))


def _leave_alone(channel: int) -> None:
    AlertChannel.objects.filter(pk=channel).update(failures=F("failures") + 1)
    failures = AlertChannel.objects.values_list("failures", flat=True).get(pk=channel)
    AlertChannel.objects.filter(pk=channel).update(due_at=in_seconds(_pause(failures, _LONGEST_REST)))


def _give_up(row: AlertDelivery, sent: Sent) -> None:
    with transaction.atomic():
        if _note(row, state=State.GIVEN_UP, http_status=sent.status, error=sent.error):
            record(
                "alert.given_up",
                actor=SYSTEM,
                target=row.channel,
                scope=row.rule.project.scope if row.rule and row.rule.project else "",
                outcome=Outcome.FAILED,
                reason=sent.error,
                detail={"delivery": str(row.delivery_id), "kind": row.kind, "events": row.events},
            )


def _note(row: AlertDelivery, **values: Any) -> bool:
    """Write the end of a sending, unless another sender has taken the message over since."""
    mine = AlertDelivery.objects.filter(pk=row.pk, attempts=row.attempts, state=State.PENDING)
    return mine.update(**values) == 1
