"""Celery tasks of rollback. Rows hold the truth, so a task that is lost or doubled does no harm."""

from celery import shared_task

from rollback import sweep as due
from rollback.many.work import work_due

SLICE = 20.0  # seconds; the next sweep goes on


@shared_task(name="rollback.tasks.sweep")
def sweep() -> None:
    """Do what is due."""
    due.sweep()


@shared_task(name="rollback.tasks.work_many")
def work_many() -> None:
    """Ask for and begin what belongs to rollbacks of many, for a while. Apart from the sweep: each item asks DolphinScheduler."""
    work_due(SLICE)
