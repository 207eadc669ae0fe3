"""Celery task of inspection. Rows hold the truth, so a task that is lost or doubled does no harm."""

from celery import shared_task

from drift.inspection.work import work_due

SLICE = 20.0  # seconds; the next sweep goes on


@shared_task(name="drift.tasks.inspect")
def inspect() -> None:
    """Begin what is due and work on it for a while."""
    work_due(SLICE)
