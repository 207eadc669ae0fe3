"""A worker's claim on a run: a lease by the database's clock, fenced by the attempt number; one run of an instance at a time.

A claim is worked for a slice of time only, then given back, so that publishes and other runs get their turn.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from audit.actors import SYSTEM, Actor
from audit.models import Outcome as AuditOutcome
from audit.record import record
from catalog.models import Instance
from catalog.release import fits
from operations.choices import RunState
from operations.models import OperationRun
from snapshotter.claim import LeaseLost, in_seconds

_FIRST_PAUSE = 5.0  # seconds; doubled with every setback in a row
_LONGEST_PAUSE = 300.0
MAX_SETBACKS = 12


def claim(run_id: int) -> OperationRun | None:
    """Claim a due run, None when it is not due, somebody has it, another run of the instance is at work, or we are of another release."""
    if not fits():
        return None
    instance_id = OperationRun.objects.filter(pk=run_id).values_list("instance_id", flat=True).first()
    if instance_id is None:
        return None
    with transaction.atomic():
        # The instance's row lock makes "nobody else is at work" and the claim one act.
        Instance.objects.select_for_update().get(pk=instance_id)
        at_work = OperationRun.objects.filter(instance_id=instance_id, state=RunState.RUNNING, lease_until__gte=Now())
        if at_work.exists():
            return None
        due = OperationRun.objects.due().order_by().filter(pk=run_id)
        claimed = due.update(
            state=RunState.RUNNING,
            attempt=F("attempt") + 1,
            lease_until=in_seconds(settings.SNAPSHOTTER["LEASE"]),
            started_at=Coalesce(F("started_at"), Now()),
            due_at=None,
        )
    if not claimed:
        return None
    return OperationRun.objects.select_related("instance", "project__instance", "workflow", "actor").get(pk=run_id)


def renew(run: OperationRun, **values: object) -> None:
    """Prolong the lease and write `values`, or raise LeaseLost: the run was cancelled, or another worker took it over."""
    mine = OperationRun.objects.filter(pk=run.pk, attempt=run.attempt, state=RunState.RUNNING)
    if mine.update(lease_until=in_seconds(settings.SNAPSHOTTER["LEASE"]), **values) != 1:
        raise LeaseLost(run=run.pk)


def give_back(run: OperationRun) -> None:
    """The slice is over; anybody may go on at once."""
    _move(run, RunState.QUEUED)


def wait(run: OperationRun, code: str, text: str) -> None:
    """DolphinScheduler is away: try again later, longer each time, and in the end fail."""
    if run.setbacks >= MAX_SETBACKS:
        fail(run, code, text)
        return
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(run.setbacks, 6))
    _move(
        run,
        RunState.WAITING,
        due_at=in_seconds(pause),
        setbacks=F("setbacks") + 1,
        error_code=code[:64],
        error_text=text,
    )


def succeed(run: OperationRun) -> None:
    """Every item has ended, one way or the other."""
    with transaction.atomic():
        _move(run, RunState.SUCCEEDED, finished_at=Now(), open_key=None, error_code="", error_text="")
        record("run.succeeded", actor=actor_of(run), target=run, scope=scope_of(run), detail=_detail(run))


def fail(run: OperationRun, code: str, text: str) -> None:
    """Something that is not one workflow's trouble. What was done stays; a person may resume the rest."""
    with transaction.atomic():
        _move(run, RunState.FAILED, finished_at=Now(), open_key=None, error_code=code[:64], error_text=text)
        record(
            "run.failed",
            actor=actor_of(run),
            target=run,
            scope=scope_of(run),
            outcome=AuditOutcome.FAILED,
            reason=f"{code}: {text}",
            detail=_detail(run),
        )


End = Callable[[OperationRun, str, str], None]


def actor_of(run: OperationRun) -> Actor:
    return run.actor or SYSTEM


def scope_of(run: OperationRun) -> str:
    return run.project.scope if run.project else ""


def _detail(run: OperationRun) -> dict[str, Any]:
    return {"kind": run.kind, "instance": run.instance.name, "outcomes": run.items.counted()}


def _move(run: OperationRun, state: RunState, **values: object) -> None:
    mine = OperationRun.objects.filter(pk=run.pk, attempt=run.attempt, state=RunState.RUNNING)
    if mine.update(state=state, lease_until=None, **values) != 1:
        raise LeaseLost(run=run.pk)
