"""Waking a worker once a run is committed. The row is the truth: when nobody can be woken, the sweep finds it."""

import logging

from celery.exceptions import OperationalError
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)


def on_commit(run_id: int) -> None:
    """Send the id when the transaction has committed. Embedded workers look for themselves."""
    if settings.SNAPSHOTTER["WORKER"] == "celery":
        transaction.on_commit(lambda: _send(run_id))


def _send(run_id: int) -> None:
    from operations.tasks import work_run  # the task imports the verbs that import this module

    try:
        work_run.delay(run_id)
    except OperationalError as error:
        logger.warning("run=%s is left to the sweep: the broker does not answer (%s)", run_id, type(error).__name__)
