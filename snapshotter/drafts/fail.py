"""Fail: the platform says that its DolphinScheduler calls went wrong. The draft ends failed, and the workflow is free."""

import re

from django.db import transaction
from django.db.models.functions import Now

from audit.actors import Actor
from audit.models import Outcome
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.permissions import PUBLISH, require
from definitions.secrets import mask_text
from snapshotter import locks
from snapshotter.choices import LiveEffect, Status, SyncState
from snapshotter.errors import NotADraft, StateConflict
from snapshotter.failed import note_failed
from snapshotter.models import Snapshot, Sync
from snapshotter.publish import Accepted
from snapshotter.webhooks.announce import announce

STEP = "platform"
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")


def fail_draft(snapshot: Snapshot, *, code: str, message: str, actor: Actor) -> Accepted:
    """End a draft as failed, with the platform's own code and words. Said twice it answers the same; what is live is not known.

    Taken after the deadline too. Raises NotADraft, StateConflict (a confirm is being worked on), InvalidRequest, NotAllowed.
    """
    require(actor, PUBLISH, snapshot.project, event="confirm.refused")
    if not _CODE.match(code):
        raise InvalidRequest("A code has 1 to 64 letters, digits, '_', '.', ':' or '-'.", field="code")
    try:
        return _fail(snapshot, code, mask_text(message), actor)
    except StateConflict:
        snapshot.refresh_from_db()  # said twice at one moment, or the deadline was a moment earlier
        return _fail(snapshot, code, mask_text(message), actor)


def _fail(snapshot: Snapshot, code: str, text: str, actor: Actor) -> Accepted:
    sync = Sync.objects.confirming(snapshot).select_related("workflow", "snapshot").first()
    if sync is None or snapshot.status == Status.PUBLISHED:
        raise NotADraft(snapshot=snapshot.pk, status=snapshot.status)
    if snapshot.status == Status.FAILED:
        return Accepted(workflow=snapshot.workflow, sync=sync, snapshot=snapshot, replayed=True)
    with transaction.atomic():
        _end(snapshot, sync, code, text)
        record(
            "confirm.failed",
            actor=actor,
            target=snapshot,
            scope=snapshot.project.scope,
            outcome=Outcome.FAILED,
            reason=f"{code}: {text}",
            detail={"sync": sync.pk},
        )
        announce(sync, "confirm.failed")
    return Accepted(workflow=snapshot.workflow, sync=sync, snapshot=snapshot)


def _end(snapshot: Snapshot, sync: Sync, code: str, text: str) -> None:
    before = snapshot.status
    if before == Status.DRAFT:
        moved = Sync.objects.waiting_for_platform().filter(pk=sync.pk)
        error = {"error_code": code, "error_text": text}
        if moved.update(state=SyncState.FAILED, due_at=None, finished_at=Now(), **error) != 1:
            raise StateConflict
        sync.refresh_from_db()
        locks.release(sync)
    ended = Snapshot.objects.filter(pk=snapshot.pk, status=before).update(
        status=Status.FAILED, live_effect=LiveEffect.UNKNOWN, error_step=STEP, error_code=code, error_text=text
    )
    if ended != 1:
        raise StateConflict
    note_failed(sync)
    snapshot.refresh_from_db()
