"""Celery tasks of bulk work. Rows hold the truth, so a task that is lost or doubled does no harm."""

from time import monotonic

from celery import shared_task

from operations import dispatch, heartbeat
from operations.alerts.deliver import deliver_channel
from operations.alerts.follow import follow_due
from operations.alerts.models import AlertChannel
from operations.alerts.watch import watch
from operations.embedded.seal import one_round
from operations.models import OperationRun
from operations.retention.retain import retain_due
from operations.run_slice import run_slice

SLICE = 60.0  # seconds; a worker that is told to end goes on for as long
ALERT_SLICE = 20.0  # seconds; shorter than the pause between two looks, so that senders of one channel seldom meet


@shared_task(name="operations.tasks.work_run")
def work_run(run_id: int) -> None:
    """Work on a run for a slice of time, then queue the next one."""
    if run_slice(run_id, SLICE) and OperationRun.objects.due().filter(pk=run_id).exists():
        dispatch.on_commit(run_id)


@shared_task(name="operations.tasks.sweep_runs")
def sweep_runs() -> None:
    """Send what is due: lost messages, waiting runs, and what a dead worker left behind."""
    for run_id in OperationRun.objects.due().values_list("pk", flat=True)[:50]:
        work_run.delay(run_id)


@shared_task(name="operations.tasks.seal_trail")
def seal_trail() -> None:
    """Seal the trail and work on its verification for a slice of time; the next sweep goes on."""
    until = monotonic() + SLICE
    while one_round() and monotonic() < until:
        pass


@shared_task(name="operations.tasks.beat")
def beat() -> None:
    """Say that beat, broker and a worker are alive: this came all the way."""
    heartbeat.beat("work")


@shared_task(name="operations.tasks.retain")
def retain() -> None:
    """Delete old rows for a slice of time, then queue the next one while there are more."""
    heartbeat.beat("retain")
    if retain_due(SLICE):
        retain.delay()


@shared_task(name="operations.tasks.alert")
def alert() -> None:
    """Make alerts of what was sealed, and wake a sender a channel: one that is slow must not hold up the others."""
    heartbeat.beat("alerts")
    watch()
    follow_due(SLICE)
    for channel in AlertChannel.objects.to_send().order_by("id").values_list("pk", flat=True):
        send_alerts.delay(channel)


@shared_task(name="operations.tasks.send_alerts")
def send_alerts(channel: int) -> None:
    """Send what is due to one channel for a while; the next look goes on."""
    deliver_channel(channel, ALERT_SLICE)
