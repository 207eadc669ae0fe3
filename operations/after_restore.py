"""After a restore: the database knows nothing of what was done since its backup, while DolphinScheduler stands as it was left.

So nothing may be written until a person has looked: the database is marked as not ours, which holds every publish, and what was queued
in the backup is ended, since it was carried out already or has been overtaken: syncs, and rollbacks that were asked for or ordered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from audit.actors import Actor
from audit.models import AuditEntry
from audit.record import record
from catalog.deployment import RESTORED, ROW
from catalog.errors import Conflict
from catalog.models import Deployment
from catalog.permissions import require_superuser
from operations.alerts.models import AlertDelivery
from operations.heartbeat import silence
from operations.metrics.models import WorkerBeat
from rollback.many.end_restored import Ended, end_restored
from snapshotter.call_off import call_off
from snapshotter.choices import AT_WORK, CANCELLABLE, TERMINAL, SyncKind
from snapshotter.journal import has_written
from snapshotter.models import Sync, WebhookDelivery
from snapshotter.overtaken import FROM_BACKUP

_WHY: Final = _(
    "It was queued in the backup that the database was restored from; whether it was carried out then is not known here."
)


@dataclass(frozen=True, slots=True)
class Restored:
    """`newest`: time of the last entry of the trail, about that of the backup. `ended` had sent nothing; `open` go on when adopted.

    `rollbacks`: requests and workflows of rollbacks of many that had not begun, ended.

    `messages`: of webhooks and alerts that wait in the backup, and go out once more where they were sent since.
    """

    newest: datetime | None
    ended: list[Sync]
    rollbacks: Ended
    open: list[Sync]
    messages: int


def after_restore(*, actor: Actor, by: str = "") -> Restored:
    """Mark the database, end what has sent nothing. Safe to repeat. Raises NotAllowed, Conflict while a worker is at work."""
    row = Deployment.objects.filter(pk=ROW).first() or Deployment(pk=ROW, identity="")
    require_superuser(actor, event="deployment.refused", target=row)
    if WorkerBeat.objects.filter(beat_at__gte=timezone.now() - silence()).exists():
        raise Conflict(_("A worker has done a round lately. End workers, beat and web first, then load the backup."))
    newest = AuditEntry.objects.order_by("-pk").values_list("timestamp", flat=True).first()
    with transaction.atomic():
        _mark(row, actor, by or str(actor))
    ended = [sync for sync in _open() if sync.kind != SyncKind.CONFIRM and not has_written(sync)]
    for sync in ended:
        with transaction.atomic():
            call_off(sync, (*CANCELLABLE, *AT_WORK), text=_WHY, actor=actor, reason="after a restore")
    rollbacks = end_restored(actor=actor)
    _mark_half_done()
    messages = WebhookDelivery.objects.due().count() + AlertDelivery.objects.due().count()
    return Restored(newest, ended, rollbacks, list(_open()), messages)


def _mark(row: Deployment, actor: Actor, by: str) -> None:
    before, now = row.identity, f"{RESTORED}{timezone.now():%Y-%m-%d %H:%M:%S}Z"
    row.identity, row.adopted_by = now, by
    row.save()
    record(
        "deployment.restored", actor=actor, target=row, reason=f"by {by}", changes={"identity": (before, row.identity)}
    )


def _mark_half_done() -> None:
    """What is open now had written: it may go on, but takes no way back by itself from what it did not leave."""
    with transaction.atomic():
        for sync in Sync.objects.select_for_update().exclude(state__in=TERMINAL):
            Sync.objects.filter(pk=sync.pk).update(result={**sync.result, FROM_BACKUP: True})


def _open() -> Iterator[Sync]:
    rows = Sync.objects.exclude(state__in=TERMINAL).select_related("workflow__project__instance", "snapshot")
    return rows.order_by("pk").iterator()
