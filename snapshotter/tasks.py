"""Celery tasks: an id in, the verb called. Rows hold the truth, so a task that is lost or doubled does no harm."""

from celery import shared_task

from snapshotter import work
from snapshotter.derive_lineage import derive_due
from snapshotter.fires.look_for_runs import look_for_runs
from snapshotter.models import ContentLineage, MissedFire, Snapshot, Sync, WebhookDelivery
from snapshotter.webhooks.deliver import deliver as deliver_one

SWEEP_LIMIT = 200
LINEAGE_SLICE = 5.0  # seconds a sweep, so that publishes seldom wait for it


@shared_task(name="snapshotter.tasks.sync")
def sync(sync_id: int) -> None:
    """Run one sync."""
    work.run_one(sync_id)


@shared_task(name="snapshotter.tasks.sweep")
def sweep() -> None:
    """Send what is due: lost messages, waiting syncs, and what a dead worker left behind."""
    for sync_id in Sync.objects.due().values_list("pk", flat=True)[:SWEEP_LIMIT]:
        sync.delay(sync_id)
    for pk in WebhookDelivery.objects.due().order_by("due_at").values_list("pk", flat=True)[:SWEEP_LIMIT]:
        deliver.delay(pk)
    if MissedFire.objects.to_look_at().exists():
        runs.delay()
    if Snapshot.objects.without_lineage().exists() or ContentLineage.objects.without_references().exists():
        lineage.delay()


@shared_task(name="snapshotter.tasks.runs")
def runs() -> None:
    """Look for the runs of fires that may have been missed. Apart from the sweep, which a slow DolphinScheduler must not hold up."""
    look_for_runs()


@shared_task(name="snapshotter.tasks.deliver")
def deliver(pk: int) -> None:
    """Send one webhook message."""
    deliver_one(pk)


@shared_task(name="snapshotter.tasks.lineage")
def lineage() -> None:
    """Derive missing lineages for a while; the next sweep goes on."""
    derive_due(LINEAGE_SLICE)
