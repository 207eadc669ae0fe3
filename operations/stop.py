"""Cancelling a run, and taking an ended one up again where it stopped. What was done for single workflows stays."""

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from audit.actors import Actor
from audit.record import record
from catalog.permissions import PUBLISH, require, require_superuser
from operations import dispatch
from operations.choices import OPEN, RESUMABLE, Outcome, RunState
from operations.models import OperationRun
from operations.start import open_key
from snapshotter.errors import StateConflict


def cancel(run: OperationRun, *, actor: Actor) -> None:
    """End an open run; its worker notices before the next workflow. Raises NotAllowed, StateConflict."""
    _require(run, actor)
    with transaction.atomic():
        moved = OperationRun.objects.filter(pk=run.pk, state__in=OPEN).update(
            state=RunState.CANCELLED, finished_at=Now(), open_key=None, lease_until=None, due_at=None
        )
        if moved != 1:
            raise StateConflict
        record("run.cancelled", actor=actor, target=run, scope=run.project.scope if run.project else "")


def resume(run: OperationRun, *, actor: Actor) -> None:
    """Queue a failed or cancelled run again: what is pending is done, what failed is tried anew. Raises NotAllowed, StateConflict."""
    _require(run, actor)
    try:
        with transaction.atomic():
            moved = OperationRun.objects.filter(pk=run.pk, state__in=RESUMABLE).update(
                state=RunState.QUEUED,
                open_key=open_key(run.kind, run.instance, run.project, run.workflow),
                finished_at=None,
                setbacks=0,
                error_code="",
                error_text="",
            )
            if moved != 1:
                raise StateConflict
            again = run.items.filter(outcome=Outcome.FAILED).update(outcome=Outcome.PENDING, tries=0, error_code="")
            OperationRun.objects.filter(pk=run.pk).update(done=run.items.exclude(outcome=Outcome.PENDING).count())
            record("run.resumed", actor=actor, target=run, scope=_scope(run), detail={"again": again})
            dispatch.on_commit(run.pk)
    except IntegrityError:
        raise StateConflict from None  # another run of this kind and scope is open


def _require(run: OperationRun, actor: Actor) -> None:
    if run.project is not None:
        require(actor, PUBLISH, run.project, event="run.refused")
    else:
        require_superuser(actor, event="run.refused", target=run)


def _scope(run: OperationRun) -> str:
    return run.project.scope if run.project else ""
