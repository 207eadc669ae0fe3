"""The ends of a sync: proven, failed with nothing touched, failed with the former state back, or in need of a person.

Each end is one transaction: sync, snapshot, state row, lock and audit row move together or not at all.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.actors import SYSTEM, Actor
from audit.models import Outcome
from audit.record import record
from catalog.models import Workflow
from dolphin.observe import Observation
from snapshotter import locks, store
from snapshotter.aliases import bind_anew, is_made_anew
from snapshotter.choices import Direction, LiveEffect, LiveState, Status, SyncKind, SyncState
from snapshotter.claim import in_seconds, move
from snapshotter.errors import AlreadyBound
from snapshotter.failed import note_failed
from snapshotter.failures import SyncFailed
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.webhooks.announce import announce

_BOUND = "The created workflow, code %(code)s, was taken under governance by another key meanwhile."


def actor_of(sync: Sync) -> Actor:
    return sync.actor or SYSTEM


def bind(sync: Sync, code: int) -> None:
    """Note the code DolphinScheduler gave to a created workflow. Raises SyncFailed where another key was bound to it meanwhile."""
    try:
        with transaction.atomic():
            if is_made_anew(sync):
                _bind_anew(sync, code)
            else:
                Workflow.objects.filter(pk=sync.workflow_id, workflow_code=None).update(workflow_code=code)
    except IntegrityError:
        raise SyncFailed(AlreadyBound.code, _BOUND % {"code": code}) from None
    sync.workflow.workflow_code = code


def _bind_anew(sync: Sync, code: int) -> None:
    """The workflow stands for the created one from here on: its code and those of its tasks change in one go."""
    former = sync.workflow.workflow_code
    bind_anew(sync.workflow, code, {fresh: int(origin) for origin, fresh in sync.options["codes"].items()})
    record(
        "restore.created",
        actor=actor_of(sync),
        target=sync.workflow,
        scope=sync.workflow.project.scope,
        detail={"sync": sync.pk, "former_code": former, "workflow_code": code},
    )


def succeed(sync: Sync, live: Observation) -> None:
    """The proof stands: live was read back and equals `after`. The snapshot becomes the published one."""
    snapshot = sync.snapshot
    assert snapshot is not None and live.canonical is not None  # noqa: S101  a proven publish has both
    with transaction.atomic():
        move(sync, SyncState.SUCCEEDED, finished_at=timezone.now(), lease_until=None, error_code="", error_text="")
        Snapshot.objects.filter(pk=snapshot.pk, status=Status.DRAFT).update(
            status=Status.PUBLISHED,
            workflow_code=live.state.code,
            dolphin_version=live.state.version,
            live_from=timezone.now(),
            live_effect="",
            error_step="",
            error_code="",
            error_text="",
            **_proven_schedule(snapshot, live.schedule_json),
        )
        make_published(snapshot, live)
        locks.release(sync)
        _audit(sync, "publish.succeeded", Outcome.OK, "")


def make_published(snapshot: Snapshot, live: Observation) -> None:
    """Point the workflow at its new published snapshot. Call inside the transaction that ends the sync."""
    now = timezone.now()
    (
        Snapshot.objects.filter(workflow_id=snapshot.workflow_id, live_from__isnull=False, live_to=None)
        .exclude(pk=snapshot.pk)
        .update(live_to=now)
    )
    schedule = live.state.schedule
    WorkflowState.objects.filter(workflow=snapshot.workflow).update(
        published=snapshot,
        expected_online=live.state.online,
        expected_schedule_online=schedule.online if schedule else None,
        live_version=live.state.version,
        live_state=LiveState.IN_SYNC,
        checked_at=now,
        attention="",
    )
    Workflow.objects.filter(key=snapshot.workflow_id).update(name=snapshot.label, deleted_in_dolphin_at=None)


def fail_untouched(sync: Sync, problem: SyncFailed) -> None:
    """Nothing was written to DolphinScheduler."""
    _fail(sync, problem, LiveEffect.UNTOUCHED)


def fail_created(sync: Sync, problem: SyncFailed) -> None:
    """What we created stands in DolphinScheduler, offline, under another key than ours."""
    _fail(sync, problem, LiveEffect.NEW_CONTENT_LIVE)


def fail_restored(sync: Sync, effect: LiveEffect, live: Observation) -> None:
    """The former state is back, and was read back as `live`. What had failed is kept since the sync turned."""
    failed = sync.result["failed"]
    note_left(sync, live)
    if "restore" in sync.options and effect == LiveEffect.NEW_CONTENT_LIVE:
        note_found(sync)  # what was made anew stays, and this sync has read it back
    _fail(sync, SyncFailed(failed["code"], failed["text"], step=failed["step"]), effect)


def fail_missing(sync: Sync, problem: SyncFailed) -> None:
    """Somebody deleted the workflow while we were at work: there is nothing to bring back here."""
    with transaction.atomic():
        _fail(sync, problem, LiveEffect.UNKNOWN)
        note_live(sync, LiveState.MISSING)


def note_unseen(sync: Sync, first: int, count: int) -> None:
    """Somebody saved between our last look and our write: theirs went under unseen, so it is named."""
    unseen = list(range(first, first + count))
    sync.result = {**sync.result, "unseen_versions": [*sync.result.get("unseen_versions", []), *unseen]}
    Sync.objects.filter(pk=sync.pk).update(result=sync.result)
    named = ", ".join(map(str, unseen))
    _audit(sync, "publish.overwrote_unseen", Outcome.FAILED, f"DolphinScheduler version {named}")


def note_live(sync: Sync, state: LiveState) -> None:
    """Note what the latest look found. A workflow found missing is marked as deleted since the first such look."""
    now = timezone.now()
    WorkflowState.objects.filter(workflow_id=sync.workflow_id).update(live_state=state, checked_at=now)
    if state == LiveState.MISSING:
        Workflow.objects.filter(pk=sync.workflow_id, deleted_in_dolphin_at=None).update(deleted_in_dolphin_at=now)


def note_left(sync: Sync, live: Observation) -> None:
    """Bringing the published version back made another version in DolphinScheduler: it is the one we left."""
    rows = WorkflowState.objects.filter(workflow_id=sync.workflow_id)
    published = Snapshot.objects.filter(pk__in=rows.values("published")).first()
    if published is not None and published.holds(live.canonical):
        rows.update(live_version=live.state.version)


def note_found(sync: Sync) -> None:
    """A workflow that counted as deleted is there: nothing more is known of it."""
    WorkflowState.objects.filter(workflow_id=sync.workflow_id).update(
        live_state=LiveState.CANNOT_COMPARE, checked_at=timezone.now()
    )
    Workflow.objects.filter(pk=sync.workflow_id).update(deleted_in_dolphin_at=None)


def turn_to_restoring(sync: Sync, problem: SyncFailed) -> None:
    """Move to the other direction; `result` holds the way back already."""
    move(
        sync,
        SyncState.RESTORING,
        direction=Direction.RESTORING,
        result=sync.result,
        error_code=problem.code,
        error_text=problem.text,
    )


def need_attention(sync: Sync, problem: SyncFailed, *, retry_in: float | None = None) -> None:
    """Neither end can be reached now. The lock stays, so that nobody writes over what a person must look at.

    `retry_in` seconds: DolphinScheduler could not be asked, so it is asked again meanwhile, and the version stays a draft.
    """
    with transaction.atomic():
        due = in_seconds(retry_in) if retry_in is not None else None
        move(sync, SyncState.ATTENTION, lease_until=None, due_at=due, error_code=problem.code, error_text=problem.text)
        if retry_in is None:
            _fail_snapshot(sync, problem, LiveEffect.UNKNOWN)
        state = WorkflowState.objects.filter(workflow_id=sync.workflow_id)
        if state.filter(attention="").update(attention=problem.text or problem.code):
            _audit(sync, f"{sync.kind}.attention", Outcome.FAILED, f"{problem.code}: {problem.text}")
        else:
            state.update(attention=problem.text or problem.code)


def _fail(sync: Sync, problem: SyncFailed, effect: LiveEffect) -> None:
    with transaction.atomic():
        move(
            sync,
            SyncState.FAILED,
            result={**sync.result, "effect": effect},
            finished_at=timezone.now(),
            lease_until=None,
            error_code=problem.code,
            error_text=problem.text,
        )
        _fail_snapshot(sync, problem, effect)
        WorkflowState.objects.filter(workflow_id=sync.workflow_id).update(attention="")
        locks.release(sync)
        _audit(sync, f"{sync.kind}.failed", Outcome.FAILED, f"{problem.code}: {problem.text}")


def _fail_snapshot(sync: Sync, problem: SyncFailed, effect: LiveEffect) -> None:
    Snapshot.objects.of_sync(sync).filter(status=Status.DRAFT).update(
        status=Status.FAILED,
        live_effect=effect,
        error_step=problem.step,
        error_code=problem.code,
        error_text=problem.text,
    )
    note_failed(sync)


def _proven_schedule(snapshot: Snapshot, schedule_json: bytes) -> dict[str, str | int]:
    """A draft that keeps the schedule could only assume which one: it is what was live at the proof."""
    if snapshot.schedule_hash == store.sha256(schedule_json):
        return {}
    return {"schedule_hash": store.sha256(schedule_json), "schedule_id": store.put_blob(schedule_json)}


def _audit(sync: Sync, event: str, outcome: Outcome, reason: str) -> None:
    target = sync.snapshot if sync.kind == SyncKind.PUBLISH and sync.snapshot else sync.workflow
    record(
        event,
        actor=actor_of(sync),
        target=target,
        scope=sync.workflow.project.scope,
        outcome=outcome,
        reason=reason,
        detail={"sync": sync.pk},
    )
    announce(sync, event)
