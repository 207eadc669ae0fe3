"""The worker's half of a draft: read DolphinScheduler back once and judge, or note that no word came in time. DS is never written."""

import logging
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from audit.models import Outcome
from audit.record import record
from catalog.choices import Mode
from catalog.clients import client_for, pause
from catalog.errors import ProjectOff, ServiceError
from catalog.models import Workflow
from definitions.canonical import Canonical
from definitions.document import Document
from dolphin.errors import DolphinError, DolphinUnauthorized
from dolphin.observe import Observation, observe
from snapshotter import finish, locks, store
from snapshotter.aliases import aliases_of
from snapshotter.choices import LiveEffect, LiveState, Status, SyncState
from snapshotter.claim import LeaseLost, move
from snapshotter.drafts.proof import as_json, as_text, differences
from snapshotter.errors import AlreadyBound
from snapshotter.failed import note_failed
from snapshotter.failures import SyncFailed, from_dolphin
from snapshotter.journal import Journal
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.settle import wait_to_retry
from snapshotter.store import document_of
from snapshotter.summarise import summarise
from snapshotter.webhooks.announce import announce

logger = logging.getLogger(__name__)

_TRIES = 5  # claims; with the pauses between them about a minute and a quarter


def run(sync: Sync) -> None:
    """Work on a claimed sync of a draft. Never raises for what DolphinScheduler does."""
    try:
        if "confirm" in sync.options:
            _prove(sync)
        else:
            _unconfirmed(sync, SyncFailed("unconfirmed", "The platform did not say how its publish ended in time."))
    except LeaseLost:
        logger.warning("sync=%s was taken over", sync.pk)


def _prove(sync: Sync) -> None:
    try:
        live = _read(sync)
    except DolphinError as error:
        if isinstance(error, DolphinUnauthorized):
            pause(sync.workflow.project.instance, "DolphinScheduler refuses the token")
        _look_later(sync, from_dolphin(error, step="read"), permanent=error.permanent)
        return
    except LeaseLost:
        raise
    except ServiceError as error:
        _look_later(sync, SyncFailed(error.code, str(error), step="read"), permanent=error.permanent)
        return
    try:
        _check(sync, live)
        _succeed(sync, live)
    except SyncFailed as problem:
        _fail(sync, live, problem)
    except LeaseLost:
        raise
    except ServiceError as error:  # the draft's own content is damaged: it can't be held against anything
        _look_later(sync, SyncFailed(error.code, str(error), step="read"), permanent=error.permanent)


def _read(sync: Sync) -> Observation:
    project = sync.workflow.project
    if project.mode == Mode.OFF:
        raise ProjectOff(project=project.scope)
    with client_for(project.instance) as client:
        journal = Journal(sync)
        live = journal.read(
            lambda: observe(client, project.code, sync.options["confirm"]["workflow_code"], aliases_of(sync.workflow))
        )
        journal.flush()
        return live


def _look_later(sync: Sync, problem: SyncFailed, *, permanent: bool) -> None:
    """DolphinScheduler can't be read: nothing is known of what it holds, so the draft has not failed."""
    if permanent or sync.attempt >= _TRIES:
        _unconfirmed(sync, problem)
    else:
        wait_to_retry(sync, problem)


def _check(sync: Sync, live: Observation) -> None:
    if live.problems:
        raise SyncFailed("corrupt", "; ".join(live.problems))
    if live.canonical is None:
        raise SyncFailed("missing_in_dolphin", "The project has no workflow of the confirmed code.")
    changes = differences(_snapshot(sync), live.canonical, layout_stated=sync.options["layout_stated"])
    if changes:
        sync.result = {"differences": as_json(changes)}
        raise SyncFailed(
            "not_equal", f"DolphinScheduler does not hold the draft: {as_text(changes)}.{_newer(sync, live)}"
        )


def _newer(sync: Sync, live: Observation) -> str:
    said = sync.options["confirm"]["dolphin_version"]
    return (
        "" if said in (None, live.state.version) else f" It is at version {live.state.version}, {said} was confirmed."
    )


def _succeed(sync: Sync, live: Observation) -> None:
    """The proof stands: what DolphinScheduler holds is the draft."""
    snapshot = _snapshot(sync)
    published = _published(sync)
    try:
        with transaction.atomic():
            move(sync, SyncState.SUCCEEDED, finished_at=Now(), lease_until=None, error_code="", error_text="")
            Workflow.objects.filter(pk=sync.workflow_id, workflow_code=None).update(workflow_code=live.state.code)
            Snapshot.objects.filter(pk=snapshot.pk, status=Status.DRAFT).update(
                status=Status.PUBLISHED,
                workflow_code=live.state.code,
                dolphin_version=live.state.version,
                live_from=timezone.now(),
                change_summary=summarise(published, _proven(snapshot, live)),
                **_learnt(sync, snapshot, live),
            )
            finish.make_published(snapshot, live)
            locks.release(sync)
            _record(sync, "confirm.succeeded", Outcome.OK, "")
    except IntegrityError:
        raise SyncFailed(AlreadyBound.code, str(AlreadyBound())) from None


def _proven(snapshot: Snapshot, live: Observation) -> Document:
    """Return what was proven: a schedule the draft did not state is the one that was live."""
    document = document_of(snapshot)
    if snapshot.schedule_hash or live.canonical is None:
        return document
    return replace(document, schedule=live.canonical.document.schedule)


def _learnt(sync: Sync, snapshot: Snapshot, live: Observation) -> dict[str, str | int]:
    """What the draft left open is what was live at the proof."""
    canonical = live.canonical
    assert canonical is not None  # noqa: S101  it was compared
    learnt: dict[str, str | int] = {}
    if not sync.options["layout_stated"]:
        learnt |= {"layout_hash": canonical.layout_hash, "layout_id": store.put_blob(canonical.layout_json)}
    if not snapshot.schedule_hash:
        learnt |= {"schedule_hash": canonical.schedule_hash, "schedule_id": store.put_blob(canonical.schedule_json)}
    return learnt


def _fail(sync: Sync, live: Observation, problem: SyncFailed) -> None:
    published = _published(sync)
    untouched = published is not None and live.canonical is not None and _holds(live.canonical, published)
    error = {"error_code": problem.code, "error_text": problem.text}
    with transaction.atomic():
        move(sync, SyncState.FAILED, finished_at=Now(), lease_until=None, result=sync.result, **error)
        Snapshot.objects.filter(pk=_snapshot(sync).pk, status=Status.DRAFT).update(
            status=Status.FAILED,
            live_effect=LiveEffect.UNTOUCHED if untouched else LiveEffect.UNKNOWN,
            error_step="read",
            **error,
        )
        WorkflowState.objects.filter(workflow_id=sync.workflow_id).update(
            live_state=_live_state(live, published, untouched), checked_at=timezone.now()
        )
        note_failed(sync)
        locks.release(sync)
        _record(sync, "confirm.failed", Outcome.FAILED, f"{problem.code}: {problem.text}")


def _live_state(live: Observation, published: Snapshot | None, untouched: bool) -> LiveState:
    if live.problems:
        return LiveState.CORRUPT
    if live.state.code is None:
        return LiveState.MISSING if published else LiveState.NOT_COVERED
    if published is None:
        return LiveState.NOT_COVERED
    return LiveState.IN_SYNC if untouched else LiveState.DRIFTED


def _unconfirmed(sync: Sync, problem: SyncFailed) -> None:
    """Nobody knows how it ended. The workflow is free again, and a late confirm is still taken."""
    error = {"error_code": problem.code, "error_text": problem.text}
    with transaction.atomic():
        move(sync, SyncState.FAILED, finished_at=Now(), lease_until=None, **error)
        Snapshot.objects.filter(pk=_snapshot(sync).pk, status=Status.DRAFT).update(
            status=Status.UNCONFIRMED, live_effect=LiveEffect.UNKNOWN, **error
        )
        locks.release(sync)
        _record(sync, "confirm.unconfirmed", Outcome.FAILED, f"{problem.code}: {problem.text}")


def _holds(live: Canonical, published: Snapshot) -> bool:
    held = (published.content_hash, published.label_hash, published.layout_hash)
    return held == (live.content_hash, live.label_hash, live.layout_hash) and published.schedule_hash in (
        "",
        live.schedule_hash,
    )


def _published(sync: Sync) -> Snapshot | None:
    return WorkflowState.objects.select_related("published").get(workflow_id=sync.workflow_id).published


def _snapshot(sync: Sync) -> Snapshot:
    assert sync.snapshot is not None  # noqa: S101  a draft has its snapshot from the start
    return sync.snapshot


def _record(sync: Sync, event: str, outcome: Outcome, reason: str) -> None:
    record(
        event,
        actor=finish.actor_of(sync),
        target=_snapshot(sync),
        scope=sync.workflow.project.scope,
        outcome=outcome,
        reason=reason,
        detail={"sync": sync.pk},
    )
    announce(sync, event)
