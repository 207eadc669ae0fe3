"""Unlock: free a workflow whose holder can't go on by itself. Never while a write may be on its way."""

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.models import Outcome
from audit.record import record, record_refusal
from catalog.errors import InvalidRequest
from catalog.models import Workflow
from catalog.permissions import MANAGE, require
from definitions.secrets import mask_text
from snapshotter import locks
from snapshotter.accepting import accept
from snapshotter.call_off import call_off
from snapshotter.choices import LiveEffect, Status, SyncKind, SyncState
from snapshotter.errors import NotLocked, StateConflict, StillAtWork
from snapshotter.give_up import give_up
from snapshotter.holder import Holder, holder_of
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.move import move_from
from snapshotter.webhooks.announce import announce

REFUSED = "lock.refused"
_UNSENT = "Freed before anything was sent to DolphinScheduler."
_UNCONFIRMED = "The workflow was freed before its platform said how its publish ended."
_HALF_DONE = (
    "The workflow was freed by a person while this was half done; what DolphinScheduler holds was not looked at."
)


def unlock(workflow: Workflow, *, actor: Actor, reason: str) -> Sync | None:
    """End the holder as far as it has come and free the lock; return the holder, None where its row is gone.

    What has sent nothing is called off; a draft ends unconfirmed; what is half done is given up, effect unknown; what has ended without
    letting go lets go. A worker that comes back is fenced off. Raises StillAtWork (says until when), NotLocked, StateConflict, NotAllowed.
    """
    project = workflow.project
    require(actor, MANAGE, project, event=REFUSED)
    reason = mask_text(reason).strip()
    if not reason:
        raise InvalidRequest("Freeing a workflow needs a reason.", field="reason")
    try:
        return accept(lambda: _free(workflow, actor, reason))
    except StillAtWork as error:
        record_refusal(
            REFUSED, actor=actor, target=workflow, scope=project.scope, reason=f"{error.code}: {error.extra['until']}"
        )
        raise


def _free(workflow: Workflow, actor: Actor, reason: str) -> Sync | None:
    state = WorkflowState.objects.get(workflow=workflow)
    if state.lock_id is None:
        raise NotLocked(workflow=workflow.key)
    holder = holder_of(state)
    was = holder.stands if holder else "missing"
    if holder is None or was == "ended":
        _let_go(workflow, state.lock_id)
    else:
        _check_idle(holder)
        _end(holder, actor, reason)
    record(
        "lock.freed",
        actor=actor,
        target=workflow,
        scope=workflow.project.scope,
        reason=reason,
        detail={"sync": state.lock_id, "was": was, "since": state.locked_at and state.locked_at.isoformat()},
    )
    return holder.sync if holder else None


def _check_idle(holder: Holder) -> None:
    until = holder.busy_until
    if until is None:
        return
    shown = timezone.localtime(until).strftime("%Y-%m-%d %H:%M:%S %Z")
    text = _(
        "A write may be on its way to DolphinScheduler until %(until)s, and it goes on by itself: a worker that died is replaced. "
        "Free it after that, if nobody has taken it over."
    ) % {"until": shown}
    raise StillAtWork(text, sync=holder.sync.pk, until=until.isoformat())


def _end(holder: Holder, actor: Actor, reason: str) -> None:
    """From the state it was seen in: whoever moves it first, a worker or this person, the other one is told."""
    sync, seen = holder.sync, [SyncState(holder.sync.state)]
    if sync.kind == SyncKind.CONFIRM:
        _end_draft(sync, seen, actor, reason)
    elif sync.state == SyncState.ATTENTION:
        give_up(sync, actor=actor, reason=reason)
    elif not holder.has_written:
        call_off(sync, seen, text=_UNSENT, actor=actor, reason=reason)
    else:
        move_from(sync, seen, SyncState.ATTENTION, due_at=None, error_code="freed", error_text=_HALF_DONE)
        give_up(sync, actor=actor, reason=reason)


def _end_draft(sync: Sync, seen: list[SyncState], actor: Actor, reason: str) -> None:
    """As when its deadline passes: how its platform's calls ended is not known, and a late confirm is still taken."""
    error = {"error_code": "unconfirmed", "error_text": _UNCONFIRMED}
    move_from(sync, seen, SyncState.FAILED, **error)
    Snapshot.objects.of_sync(sync).filter(status=Status.DRAFT).update(
        status=Status.UNCONFIRMED, live_effect=LiveEffect.UNKNOWN, **error
    )
    locks.release(sync)
    record(
        "confirm.unconfirmed",
        actor=actor,
        target=sync.snapshot or sync.workflow,
        scope=sync.workflow.project.scope,
        outcome=Outcome.FAILED,
        reason=reason,
        detail={"sync": sync.pk},
    )
    announce(sync, "confirm.unconfirmed")


def _let_go(workflow: Workflow, holder: int) -> None:
    """A row that should not be: its holder has ended, or is gone."""
    freed = WorkflowState.objects.filter(workflow=workflow, lock_id=holder).update(lock=None, locked_at=None)
    if freed != 1:
        raise StateConflict
