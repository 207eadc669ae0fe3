"""Celery tasks of rollback. Rows hold the truth, so a task that is lost or doubled does no harm."""

from celery import shared_task

from rollback import sweep as due


@shared_task(name="rollback.tasks.sweep")
def sweep() -> None:
    """Do what is due."""
    due.sweep()
