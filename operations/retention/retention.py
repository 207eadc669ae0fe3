"""What may go, kind by kind: rows past their days that nothing needs any more. Looks only; `retain` deletes.

Each look takes the next rows in the order of their ids, which is about the order in which they were made, and ends at the first that is
too young: it costs what is old, not what there is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from drift.models import DriftItem
from operations.alerts.choices import State as MessageState
from operations.alerts.models import AlertDelivery
from operations.models import OperationItem, OperationRun
from operations.retention import superseded
from rollback.choices import OPEN, State
from rollback.models import RollbackRequest
from snapshotter.choices import TERMINAL, DeliveryState, SyncKind, SyncState
from snapshotter.models import IdempotencyKey, MissedFire, Sync, SyncStep, WebhookDelivery, WorkflowState

LOOK: Final = 200  # rows a look
_EVER: Final = datetime(1970, 1, 2, tzinfo=UTC)  # nothing of ours is older


@dataclass(frozen=True, slots=True)
class Seen:
    """`keys` may go; `last` is the highest id that was looked at; `more`: something old may stand behind it."""

    keys: list[Any]
    last: int
    more: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """`days` names its settings; `look(cutoffs, above)`, a cutoff a setting; `delete(keys)` returns how many rows went.

    `all_of(cutoffs)`, where there is one, is what looks without a place find a part of: those after a deletion find the rest.
    """

    name: str
    days: tuple[str, ...]
    look: Callable[[dict[str, datetime], int], Seen]
    delete: Callable[[list[Any]], int]
    all_of: Callable[[dict[str, datetime]], models.QuerySet[Any]] | None = None


def _journals(cutoffs: dict[str, datetime], above: int) -> Seen:
    """Syncs whose journal may go. Not one that a person, a rollback, drift or the fire guard may still ask.

    Those whose journal is gone are not read again, by an index: a pass costs what is kept, not all that ever was.
    """
    succeeded, failed = cutoffs["RETAIN_JOURNALS"], cutoffs["RETAIN_FAILED_JOURNALS"]
    kept = Sync.objects.filter(journal_deleted_at=None, pk__gt=above).order_by("pk")
    rows = list(kept.values_list("pk", "created_at")[:LOOK])
    old = [pk for pk, created_at in rows if created_at < max(succeeded, failed)]
    past = Q(state=SyncState.SUCCEEDED, finished_at__lt=succeeded) | Q(
        state__in=[state for state in TERMINAL if state != SyncState.SUCCEEDED], finished_at__lt=failed
    )
    keys = list(Sync.objects.filter(past, pk__in=old).exclude(_needed()).order_by("pk").values_list("pk", flat=True))
    return Seen(keys, rows[-1][0] if rows else above, bool(rows) and rows[-1][1] < max(succeeded, failed))


def _needed() -> Q:
    newer = Sync.objects.filter(
        workflow=OuterRef("workflow"), kind=SyncKind.PUBLISH, state=SyncState.SUCCEEDED, pk__gt=OuterRef("pk")
    )
    requests = RollbackRequest.objects.filter(sync=OuterRef("pk")).filter(
        Q(state__in=OPEN) | Q(state=State.FAILED, expires_at__gt=timezone.now())
    )
    return (
        Q(kind=SyncKind.PUBLISH, state=SyncState.SUCCEEDED) & ~Exists(newer)  # the fire guard asks how long it took
        | Exists(WorkflowState.objects.filter(published=OuterRef("snapshot")))
        | Exists(WorkflowState.objects.filter(lock=OuterRef("pk")))
        | Exists(requests)
        | Exists(DriftItem.objects.filter(sync=OuterRef("pk"), open_key__isnull=False))
        | Exists(MissedFire.objects.open().filter(sync=OuterRef("pk")))
    )


def _delete_journals(keys: list[int]) -> int:
    """The sync stays, and says until when its journal was kept."""
    deleted, _ = SyncStep.objects.filter(sync__in=keys).delete()
    Sync.objects.filter(pk__in=keys).update(journal_deleted_at=timezone.now())
    return deleted


def _deliveries(cutoffs: dict[str, datetime]) -> models.QuerySet[Any]:
    taken = Q(state=DeliveryState.DELIVERED, due_at__lt=cutoffs["RETAIN_DELIVERIES"])
    given_up = Q(state=DeliveryState.GIVEN_UP, due_at__lt=cutoffs["RETAIN_FAILED_JOURNALS"])
    return WebhookDelivery.objects.filter(taken | given_up)


def _alerts(cutoffs: dict[str, datetime], above: int) -> Seen:
    """Messages that were taken or given up; those they tell of go with them."""
    rows = AlertDelivery.objects.filter(pk__gt=above).order_by("pk").values_list("pk", "created_at", "state")
    found, cutoff = list(rows[:LOOK]), cutoffs["RETAIN_DELIVERIES"]
    ended = (MessageState.DELIVERED, MessageState.GIVEN_UP)
    keys = [pk for pk, made_at, state in found if made_at < cutoff and state in ended]
    return Seen(keys, found[-1][0] if found else above, bool(found) and found[-1][1] < cutoff)


def _keys(cutoffs: dict[str, datetime], above: int) -> Seen:
    rows = IdempotencyKey.objects.filter(pk__gt=above).order_by("pk").values_list("pk", "created_at", "sync__state")
    found = list(rows[:LOOK])
    cutoff = cutoffs["RETAIN_KEYS"]
    keys = [pk for pk, made_at, state in found if made_at < cutoff and (state is None or state in TERMINAL)]
    return Seen(keys, found[-1][0] if found else above, bool(found) and found[-1][1] < cutoff)


def _log_of(model: type[models.Model]) -> Callable[[dict[str, datetime], int], Seen]:
    def look(cutoffs: dict[str, datetime], above: int) -> Seen:
        rows = model._default_manager.filter(pk__gt=above).order_by("pk").values_list("pk", "attempt_time")
        found, cutoff = list(rows[:LOOK]), cutoffs["RETAIN_SIGN_INS"]
        keys = [pk for pk, made_at in found if made_at < cutoff]
        return Seen(keys, found[-1][0] if found else above, bool(found) and found[-1][1] < cutoff)

    return look


def _attempts(cutoffs: dict[str, datetime]) -> models.QuerySet[Any]:
    """A small table: a row an address and name that failed lately."""
    rows: models.QuerySet[Any] = AccessAttempt.objects.filter(attempt_time__lt=cutoffs["RETAIN_SIGN_INS"])
    return rows


def _sessions(cutoffs: dict[str, datetime]) -> models.QuerySet[Any]:
    return Session.objects.filter(expire_date__lt=cutoffs["RETAIN_SIGN_INS"])


def _some(all_of: Callable[[dict[str, datetime]], models.QuerySet[Any]]) -> Callable[[dict[str, datetime], int], Seen]:
    def look(cutoffs: dict[str, datetime], above: int) -> Seen:
        keys = list(all_of(cutoffs).order_by().values_list("pk", flat=True)[:LOOK])
        return Seen(keys, 0, len(keys) == LOOK)

    return look


def _rows_of(model: type[models.Model]) -> Callable[[list[Any]], int]:
    return lambda keys: model._default_manager.filter(pk__in=keys).delete()[0]


def _indexed(
    name: str,
    days: tuple[str, ...],
    model: type[models.Model],
    all_of: Callable[[dict[str, datetime]], models.QuerySet[Any]],
) -> Kind:
    return Kind(name, days, _some(all_of), _rows_of(model), all_of)


_SIGN_INS: Final = ("RETAIN_SIGN_INS",)
KINDS: Final = (
    Kind("journal_lines", ("RETAIN_JOURNALS", "RETAIN_FAILED_JOURNALS"), _journals, _delete_journals),
    _indexed("deliveries", ("RETAIN_DELIVERIES", "RETAIN_FAILED_JOURNALS"), WebhookDelivery, _deliveries),
    Kind("alerts", ("RETAIN_DELIVERIES",), _alerts, _rows_of(AlertDelivery)),
    _indexed("inventory_rows", ("RETAIN_INVENTORIES",), OperationItem, superseded.rows),
    _indexed("inventories", ("RETAIN_INVENTORIES",), OperationRun, superseded.runs),
    Kind("idempotency_keys", ("RETAIN_KEYS",), _keys, _rows_of(IdempotencyKey)),
    Kind("sign_ins", _SIGN_INS, _log_of(AccessLog), _rows_of(AccessLog)),
    Kind("failed_sign_ins", _SIGN_INS, _log_of(AccessFailureLog), _rows_of(AccessFailureLog)),
    _indexed("sign_in_attempts", _SIGN_INS, AccessAttempt, _attempts),
    _indexed("sessions", _SIGN_INS, Session, _sessions),
)


def cutoffs_of(days: dict[str, Any], names: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Return {setting: moment before which rows may go}; with 0 days nothing is that old."""
    return {name: now - timedelta(days=days[name]) if days[name] > 0 else _EVER for name in names}
