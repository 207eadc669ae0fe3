"""A version that could not be written is told: on the trail if that can be written, else in the log alone."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError

from audit.actors import Actor
from audit.models import Outcome
from audit.record import record
from catalog.models import Project
from snapshotter.errors import Busy

logger = logging.getLogger(__name__)


@contextmanager
def write_failures_recorded(key: str, project: Project, actor: Actor) -> Iterator[None]:
    """Let a failure of the database pass on, as an audit row: the accepting transaction inside has been rolled back by then.

    An IntegrityError is two callers at one moment, and is looked at again.
    """
    try:
        yield
    except (DatabaseError, Busy) as error:
        if not isinstance(error, IntegrityError):
            _note(key, project, actor, type(error).__name__)
        raise


def _note(key: str, project: Project, actor: Actor, what: str) -> None:
    """The error's own text may hold values; its name does."""
    logger.error("workflow=%s no version was written: %s", key, what)
    try:
        record(
            "snapshot.write_failed",
            actor=actor,
            target=project,
            scope=project.scope,
            outcome=Outcome.FAILED,
            reason=f"{key}: {what}",
            detail={"workflow": key, "error": what},
        )
    except DatabaseError:  # it is the database that is in trouble
        logger.exception("workflow=%s nor could that be noted on the trail", key)
