"""Deliver: send one message of the outbox. At least once: the receiver tells a repetition by its delivery id.

Claiming moves `due_at` ahead under the database's clock, so two senders never hold one message and a dead sender's is due again.
"""

import logging
import time
from typing import Any

import requests
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from urllib3.exceptions import HTTPError

from audit.actors import SYSTEM
from audit.context import RequestContext, current, request_context
from audit.models import Outcome
from audit.record import record
from catalog.deployment import is_ours
from catalog.errors import ServiceError
from catalog.secrets_at_rest import decrypt
from snapshotter.choices import DeliveryState
from snapshotter.claim import in_seconds
from snapshotter.models import WebhookDelivery
from snapshotter.webhooks import signing
from snapshotter.webhooks.address import may_send
from snapshotter.webhooks.post import post

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 15  # with the pauses below about seven hours
_FIRST_PAUSE, _LONGEST_PAUSE = 10.0, 3600.0  # seconds, doubled in between
_CLAIM = 60.0  # seconds after which a sender counts as dead


def deliver(pk: int) -> bool:
    """Send one message if it is due; False when it is not, or somebody else has it, or this is a copied database."""
    claimed = (
        WebhookDelivery.objects.due().filter(pk=pk).update(due_at=in_seconds(_CLAIM), attempts=F("attempts") + 1)
        if is_ours()
        else 0
    )
    if not claimed:
        return False
    row = WebhookDelivery.objects.select_related("endpoint__project__instance", "sync").get(pk=pk)
    with request_context(_context(row)):
        status, error = _send(row)
        if error:
            _put_off(row, status, error)
        else:
            _note(row, state=DeliveryState.DELIVERED, delivered_at=Now(), http_status=status, error="")
    return True


def _context(row: WebhookDelivery) -> RequestContext:
    """What is logged and kept of the sending belongs to the request whose end it tells."""
    if row.sync is None:
        return RequestContext()
    return RequestContext(request_id=row.sync.request_id, about=(("sync", row.sync.pk),))


def deliver_due(limit: int = 20) -> int:
    """Send what is due, oldest first; return how many were sent."""
    due = list(WebhookDelivery.objects.due().order_by("due_at").values_list("pk", flat=True)[:limit])
    return sum(deliver(pk) for pk in due)


def _send(row: WebhookDelivery) -> tuple[int | None, str]:
    """Return (HTTP status, "") when it was taken, else what was wrong. The receiver's words are not kept."""
    if not may_send(row.endpoint):
        return None, "the address is not approved"
    body, now = row.body.encode(), int(time.time())
    try:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Snapshotter",
            signing.DELIVERY: str(row.delivery_id),
            signing.EVENT: row.event,
            signing.TIMESTAMP: str(now),
            signing.SIGNATURE: signing.sign(decrypt(row.endpoint.secret_encrypted), now, body),
        }
        if current().request_id:
            headers[signing.REQUEST] = current().request_id
        status = post(row.endpoint.url, body, headers).status
    except ServiceError as error:
        return None, error.code
    except (requests.RequestException, HTTPError) as error:  # urllib3's own, for a host that is no name
        return None, type(error).__name__
    return status, "" if 200 <= status < 300 else f"HTTP {status}"


def _put_off(row: WebhookDelivery, status: int | None, error: str) -> None:
    logger.warning("delivery=%s attempt=%s was not taken: %s", row.delivery_id, row.attempts, error)
    if row.attempts < MAX_ATTEMPTS:
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (row.attempts - 1))
        _note(row, due_at=in_seconds(pause), http_status=status, error=error)
        return
    with transaction.atomic():
        if _note(row, state=DeliveryState.GIVEN_UP, http_status=status, error=error):
            record(
                "webhook.given_up",
                actor=SYSTEM,
                target=row.endpoint,
                scope=row.endpoint.project.scope,
                outcome=Outcome.FAILED,
                reason=error,
                detail={"delivery": str(row.delivery_id), "event": row.event},
            )


def _note(row: WebhookDelivery, **values: Any) -> bool:
    """Write the end of a sending, unless another sender has taken the message over since."""
    mine = WebhookDelivery.objects.filter(pk=row.pk, attempts=row.attempts, state=DeliveryState.PENDING)
    return mine.update(**values) == 1
