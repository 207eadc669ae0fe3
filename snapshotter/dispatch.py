"""Waking a worker once a sync is committed. The row is the truth: when nobody can be woken, the sweep finds it."""

import logging

from celery.exceptions import OperationalError
from django.conf import settings
from django.db import transaction

from snapshotter.models import Sync, WebhookDelivery

logger = logging.getLogger(__name__)
_AFTER_DUE = 0.5  # seconds, so that the database's clock agrees that it is due


def on_commit(sync: Sync) -> None:
    """Send the id when the transaction has committed. Embedded workers look for themselves."""
    if settings.SNAPSHOTTER["WORKER"] == "celery":
        transaction.on_commit(lambda: _send(sync.pk))


def later(sync: Sync, seconds: float) -> None:
    """Send the id of a waiting sync for when it is due, so that it need not wait for the sweep besides."""
    if settings.SNAPSHOTTER["WORKER"] == "celery":
        transaction.on_commit(lambda: _send(sync.pk, countdown=seconds + _AFTER_DUE))


def _send(sync_id: int, countdown: float = 0) -> None:
    from snapshotter.tasks import sync  # the task imports the verbs that import this module

    try:
        sync.apply_async((sync_id,), countdown=countdown)
    except OperationalError as error:
        logger.warning("sync=%s is left to the sweep: the broker does not answer (%s)", sync_id, type(error).__name__)


def delivery_on_commit(row: WebhookDelivery) -> None:
    """Wake a sender of webhooks when the transaction has committed."""
    if settings.SNAPSHOTTER["WORKER"] == "celery":
        transaction.on_commit(lambda: _send_delivery(row.pk))


def _send_delivery(pk: int) -> None:
    from snapshotter.tasks import deliver  # the task imports the verbs that import this module

    try:
        deliver.delay(pk)
    except OperationalError as error:
        logger.warning("delivery=%s is left to the sweep: the broker does not answer (%s)", pk, type(error).__name__)
