"""The ends of a sync: proven, failed with nothing touched, failed with the former state back, or in need of a person.

Each end is one transaction: sync, snapshot, state row, lock and audit row move together or not at all.
"""

from django.db import transaction
from django.utils import timezone

from audit.actors import SYSTEM, Actor
from audit.models import Outcome
from audit.record import record
from catalog.models import Workflow
from dolphin.observe import Observation
from snapshotter import locks, store
from snapshotter.announce import announce
from snapshotter.choices import Direction, LiveEffect, LiveState, Status, SyncKind, SyncState
from snapshotter.claim import move
from snapshotter.failures import SyncFailed
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.target import Target, from_json, to_json

MAX_ATTEMPTS = 5


def actor_of(sync: Sync) -> Actor:
    return sync.actor or SYSTEM


def bind(sync: Sync, code: int) -> None:
    """Note the code DolphinScheduler gave to a created workflow."""
    Workflow.objects.filter(pk=sync.workflow_id, workflow_code=None).update(workflow_code=code)
    sync.workflow.workflow_code = code


def succeed(sync: Sync, live: Observation, after: Target) -> None:
    """The proof stands: live was read back and equals `after`. The snapshot becomes the published one."""
    snapshot = sync.snapshot
    assert snapshot is not None and live.canonical is not None  # noqa: S101  a proven publish has both
    schedule_json = live.schedule_json
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
        )
        if not snapshot.schedule_hash:
            _learn_schedule(snapshot, schedule_json)
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
    WorkflowState.objects.filter(workflow__key=snapshot.workflow_id).update(
        published=snapshot,
        expected_online=live.state.online,
        expected_schedule_online=schedule.online if schedule else None,
        live_state=LiveState.IN_SYNC,
        checked_at=now,
        attention="",
    )
    Workflow.objects.filter(key=snapshot.workflow_id).update(name=snapshot.label, deleted_in_dolphin_at=None)


def fail_untouched(sync: Sync, problem: SyncFailed) -> None:
    """Nothing was written to DolphinScheduler."""
    _fail(sync, problem, LiveEffect.UNTOUCHED)


def fail_restored(sync: Sync, live: Observation) -> None:
    """The former state is back, and was read back."""
    created = from_json(sync.before).state.code is None
    effect = LiveEffect.NEW_CONTENT_LIVE if created else LiveEffect.RESTORED
    problem = SyncFailed(sync.error_code, sync.error_text, step=str(sync.result.get("failed_step", "")))
    _fail(sync, problem, effect)


def turn_to_restoring(sync: Sync, live: Observation, problem: SyncFailed) -> bool:
    """Start to bring the former state back; False where live is not what this sync's own write made, or never existed before."""
    before, after = from_json(sync.before), from_json(sync.after)
    ours = {before.state.fingerprint, after.state.fingerprint}
    if before.state.code is None or live.problems:
        return False
    if live.state.fingerprint not in ours and problem.code != "not_equal":
        return False
    sync.result = {
        "restoring_from": to_json(Target(state=live.state, snapshot_id=None, schedule=None))["state"],
        "failed_step": problem.step,
    }
    move(
        sync,
        SyncState.RESTORING,
        direction=Direction.RESTORING,
        result=sync.result,
        error_code=problem.code,
        error_text=problem.text,
    )
    return True


def need_attention(sync: Sync, problem: SyncFailed) -> None:
    """Neither end can be reached safely. The lock stays, so that nobody writes over what a person must look at."""
    with transaction.atomic():
        move(sync, SyncState.ATTENTION, lease_until=None, error_code=problem.code, error_text=problem.text)
        WorkflowState.objects.filter(workflow_id=sync.workflow_id).update(attention=problem.text or problem.code)
        _fail_snapshot(sync, problem, LiveEffect.UNKNOWN)
        _audit(sync, f"{sync.kind}.attention", Outcome.FAILED, problem.text)


def _fail(sync: Sync, problem: SyncFailed, effect: LiveEffect) -> None:
    with transaction.atomic():
        move(
            sync,
            SyncState.FAILED,
            finished_at=timezone.now(),
            lease_until=None,
            error_code=problem.code,
            error_text=problem.text,
        )
        _fail_snapshot(sync, problem, effect)
        locks.release(sync)
        _audit(sync, f"{sync.kind}.failed", Outcome.FAILED, f"{problem.code}: {problem.text}")


def _fail_snapshot(sync: Sync, problem: SyncFailed, effect: LiveEffect) -> None:
    if sync.snapshot_id is None:
        return
    Snapshot.objects.filter(pk=sync.snapshot_id, status=Status.DRAFT).update(
        status=Status.FAILED,
        live_effect=effect,
        error_step=problem.step,
        error_code=problem.code,
        error_text=problem.text,
    )


def _learn_schedule(snapshot: Snapshot, schedule_json: bytes) -> None:
    """The schedule was not known when the snapshot was made; it is what was live at the proof."""
    Snapshot.objects.filter(pk=snapshot.pk, schedule_hash="").update(
        schedule_hash=store.sha256(schedule_json), schedule_id=store.put_blob(schedule_json)
    )


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
