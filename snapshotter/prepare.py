"""Before the first write: judge what DolphinScheduler shows, keep what would be overwritten, resolve `before` and `after`."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from audit.actors import SYSTEM
from definitions.canonical import Canonical, canonicalise
from definitions.compare import compare, summary
from dolphin.observe import Observation
from dolphin.plan import ScheduleState, State
from snapshotter.choices import Online, ScheduleChoice, Status, Trigger
from snapshotter.failures import SyncFailed
from snapshotter.make_snapshot import Origin, make_snapshot
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.store import document_of
from snapshotter.target import Target, to_json


@dataclass(frozen=True, slots=True)
class _Facts:
    sync: Sync
    snapshot: Snapshot
    state: WorkflowState
    live: Observation


def judge(sync: Sync, live: Observation) -> None:
    """Raise SyncFailed where a publish must not go on. Asked first, so that nobody waits for what is refused in the end."""
    _judged(sync, live)


def prepare(sync: Sync, live: Observation) -> tuple[Target, Target]:
    """Return (before, after), stored with the sync. Raises SyncFailed where a publish must not go on."""
    facts = _judged(sync, live)
    with transaction.atomic():
        before = _before(facts)
        after = _after(facts)
        sync.before, sync.after = to_json(before), to_json(after)
        sync.save(update_fields=["before", "after"])
        _store_summary(facts)
    return before, after


def _judged(sync: Sync, live: Observation) -> _Facts:
    snapshot = sync.snapshot
    assert snapshot is not None  # noqa: S101  a publish has its draft from the start
    state = WorkflowState.objects.select_related("published").get(workflow_id=sync.workflow_id)
    facts = _Facts(sync, snapshot, state, live)
    _check_shape(live)
    _check_present(facts)
    _check_base(facts)
    return facts


def _check_shape(live: Observation) -> None:
    if live.problems:
        raise SyncFailed("corrupt", "; ".join(live.problems))


def _check_present(facts: _Facts) -> None:
    if facts.sync.workflow.workflow_code is not None and facts.live.state.code is None:
        raise SyncFailed("missing_in_dolphin", "The workflow was deleted in DolphinScheduler.")


def _check_base(facts: _Facts) -> None:
    """Refuse to overwrite what somebody changed in DolphinScheduler since the last publish, unless forced."""
    published, live = facts.state.published, facts.live.canonical
    if published is None or live is None or facts.sync.force_reason:
        return
    changed = [
        part
        for part, held, shown in (
            ("content", published.content_hash, live.content_hash),
            ("name", published.label_hash, live.label_hash),
            ("schedule", published.schedule_hash or live.schedule_hash, live.schedule_hash),
        )
        if held != shown
    ]
    # After a failed publish whose content stayed live, live is already what is wanted.
    if changed and live.content_hash != facts.snapshot.content_hash:
        raise SyncFailed(
            "live_changed",
            f"DolphinScheduler was changed since version {published.version} ({', '.join(changed)}). "
            "Capture it and publish on top, or force with a reason.",
        )


def _before(facts: _Facts) -> Target:
    live = facts.live
    if live.canonical is None:
        return Target(state=live.state, snapshot_id=None, schedule=None)
    holder = _holder_of(facts, live.canonical) or _keep(facts, live.canonical)
    return Target(state=live.state, snapshot_id=holder.pk, schedule=live.canonical.document.schedule)


def _holder_of(facts: _Facts, live: Canonical) -> Snapshot | None:
    """Return the newest snapshot that holds exactly what is live."""
    return (
        Snapshot.objects.for_workflow(facts.sync.workflow)
        .filter(content_hash=live.content_hash, label_hash=live.label_hash, layout_hash=live.layout_hash)
        .filter(schedule_hash=live.schedule_hash)
        .latest_first()
        .first()
    )


def _keep(facts: _Facts, live: Canonical) -> Snapshot:
    """Snapshot live content that no version holds, before it is overwritten."""
    return make_snapshot(
        workflow=facts.sync.workflow,
        canonical=live,
        schedule_json=live.schedule_json,
        status=Status.PUBLISHED,
        origin=Origin(trigger=Trigger.BEFORE_PUBLISH, trigger_ref=f"sync {facts.sync.pk}"),
        actor=SYSTEM,
        dolphin_version=facts.live.state.version,
    )


def _after(facts: _Facts) -> Target:
    schedule = _schedule(facts)
    wanted = canonicalise(replace(document_of(facts.snapshot), schedule=schedule))
    online = _online(facts)
    schedule_state = None
    if schedule is not None:
        schedule_state = ScheduleState(
            id=None, fingerprint=wanted.schedule_hash, online=online and _schedule_online(facts)
        )
    return Target(
        state=State(
            code=facts.live.state.code,
            version=None,
            fingerprint=wanted.fingerprint,
            online=online,
            schedule=schedule_state,
        ),
        snapshot_id=facts.snapshot.pk,
        schedule=wanted.document.schedule,
    )


def _online(facts: _Facts) -> bool:
    """`keep` means what we left, not what a half-broken DolphinScheduler shows."""
    if facts.sync.online != Online.KEEP:
        return facts.sync.online == Online.ON
    expected = facts.state.expected_online
    return facts.live.state.online if expected is None else expected


def _schedule(facts: _Facts) -> dict[str, Any] | None:
    live = facts.live.canonical.document.schedule if facts.live.canonical else None
    if facts.sync.schedule == ScheduleChoice.FROM_DEFINITION or live is None:
        return document_of(facts.snapshot).schedule
    return live


def _schedule_online(facts: _Facts) -> bool:
    if facts.sync.schedule == ScheduleChoice.OFF:
        return False
    wanted = facts.sync.options.get("schedule_online")
    if wanted is None:
        wanted = facts.state.expected_schedule_online
    if wanted is None:
        wanted = facts.live.state.schedule.online if facts.live.state.schedule else False
    return bool(wanted)


def _store_summary(facts: _Facts) -> None:
    """Note what the new version changes against the one before, once, so that no list ever compares."""
    base = document_of(facts.state.published) if facts.state.published else None
    facts.snapshot.change_summary = summary(compare(base, document_of(facts.snapshot)))
    Snapshot.objects.filter(pk=facts.snapshot.pk).update(change_summary=facts.snapshot.change_summary)
