"""Before the first write: judge what DolphinScheduler shows, keep what would be overwritten, resolve `before` and `after`."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import transaction

from definitions.canonical import SCHEME, Canonical, canonicalise
from definitions.document import Document
from dolphin.client import DolphinClient
from dolphin.cure import cured_document, is_doubled
from dolphin.observe import Observation
from dolphin.payloads import read_schedule
from dolphin.plan import ScheduleState, State
from snapshotter import finish
from snapshotter.aliases import aliases_for, code_of
from snapshotter.bound import check_bound
from snapshotter.choices import LiveState, Online, ScheduleChoice, Trigger
from snapshotter.failures import SyncFailed
from snapshotter.keep import keep, keep_evidence
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.store import document_of
from snapshotter.summarise import summary_of
from snapshotter.target import Target, to_json


@dataclass(frozen=True)
class Facts:
    """`held`: what live holds, or what a cure makes of it; None where there is no workflow yet. Documents are read, never changed."""

    sync: Sync
    snapshot: Snapshot
    state: WorkflowState
    live: Observation
    held: Canonical | None

    @property
    def seen(self) -> Observation:
        """What live shows, or would show once cured."""
        return replace(self.live, canonical=self.held)

    @cached_property
    def wanted(self) -> Document:
        """What the new version holds."""
        return document_of(self.snapshot)

    @property
    def is_as_published(self) -> bool:
        published = self.state.published
        return published is not None and published.holds(self.held)

    @property
    def published(self) -> Document | None:
        """What the published version holds; mostly it is live."""
        if self.held is not None and self.is_as_published:
            return self.held.document
        return document_of(self.state.published) if self.state.published is not None else None


def judge(sync: Sync, live: Observation, client: DolphinClient) -> Facts:
    """Return what the publish is about to change. Asked first, so that nobody waits for what is refused in the end.

    Reads more only for a cure. Raises SyncFailed where a publish must not go on, Incurable, DolphinError.
    """
    snapshot = sync.snapshot
    assert snapshot is not None  # noqa: S101  a publish has its draft from the start
    state = WorkflowState.objects.select_related("published").get(workflow_id=sync.workflow_id)
    _check_present(sync, live)
    facts = Facts(sync, snapshot, state, live, _cured(sync, live, client) if live.problems else live.canonical)
    _check_base(facts)
    return facts


def prepare(facts: Facts) -> tuple[Target, Target]:
    """Keep what would be overwritten; return (before, after), stored with the sync."""
    sync = facts.sync
    with transaction.atomic():
        before = _before(facts)
        after = _after(facts)
        sync.before, sync.after = to_json(before), to_json(after)
        sync.save(update_fields=["before", "after"])
        _store_summary(facts)
    return before, after


def _check_present(sync: Sync, live: Observation) -> None:
    if code_of(sync) is not None and live.state.code is None:
        finish.note_live(sync, LiveState.MISSING)
        raise SyncFailed("missing_in_dolphin", "The workflow was deleted in DolphinScheduler.")


def _cured(sync: Sync, live: Observation, client: DolphinClient) -> Canonical:
    """Return what a cure makes of a corrupt workflow, where somebody agreed to it. What it showed is kept as evidence."""
    finish.note_live(sync, LiveState.CORRUPT)
    keep_evidence(sync, live)
    problems = "; ".join(live.problems)
    if not is_doubled(live.raw or {}):
        raise SyncFailed("corrupt", f"{problems}. Mend it in DolphinScheduler: one schedule and readable fields.")
    if not sync.force_reason:
        raise SyncFailed("corrupt", f"{problems}. Force with a reason to repair it: its code and tasks are kept.")
    schedule = read_schedule(live.schedule_row) if live.schedule_row else None
    cured = cured_document(client, sync.workflow.project.code, live.raw or {}, schedule)
    return canonicalise(aliases_for(sync).to_origins(cured), check=False)


def _check_base(facts: Facts) -> None:
    """Refuse to overwrite what somebody changed in DolphinScheduler since the last publish, unless forced."""
    published, held = facts.state.published, facts.held
    if (bound := facts.sync.options.get("bound")) is not None:
        check_bound(bound, facts.live, facts.held)
    if published is None or held is None or facts.sync.force_reason:
        return
    changed = [
        part
        for part, kept, shown in (
            ("content", published.content_hash, held.content_hash),
            ("name", published.label_hash, held.label_hash),
            ("schedule", published.schedule_hash or held.schedule_hash, held.schedule_hash),
        )
        if kept != shown
    ]
    # After a failed publish whose content stayed live, live is already what is wanted.
    if changed and held.content_hash != facts.snapshot.content_hash:
        finish.note_live(facts.sync, LiveState.DRIFTED)
        raise SyncFailed(
            "live_changed",
            f"DolphinScheduler was changed since version {published.version} ({', '.join(changed)}). "
            "Capture it and publish on top, or force with a reason.",
        )


def _before(facts: Facts) -> Target:
    live, held = facts.live, facts.held
    if held is None:
        return Target(state=live.state, snapshot_id=None, schedule=None)
    state = replace(live.state, fingerprint=held.fingerprint)
    return Target(state=state, snapshot_id=_holder(facts, held), schedule=held.document.schedule)


def _holder(facts: Facts, held: Canonical) -> int | None:
    """Return the id of a version that holds what is live, made now unless there is one; mostly it is the published one."""
    if facts.is_as_published:
        return facts.state.published_id
    is_cure = bool(facts.live.problems)
    return keep(
        facts.sync,
        held,
        trigger=Trigger.CURE if is_cure else Trigger.BEFORE_PUBLISH,
        dolphin_version=None if is_cure else facts.live.state.version,
        proven=not is_cure,
    ).pk


def _after(facts: Facts) -> Target:
    online = _online(facts)
    wanted = canonicalise(Document("", {}, {}, [], schedule=_schedule(facts)), check=False)
    schedule = None
    if wanted.document.schedule is not None:
        schedule = ScheduleState(id=None, fingerprint=wanted.schedule_hash, online=online and _schedule_online(facts))
    return Target(
        state=State(
            code=facts.live.state.code,
            version=None,
            fingerprint=_fingerprint(facts),
            online=online,
            schedule=schedule,
        ),
        snapshot_id=facts.snapshot.pk,
        schedule=wanted.document.schedule,
        known=facts.wanted,
    )


def _fingerprint(facts: Facts) -> str:
    """Return what a read-back must show; hashes of another scheme can't be compared with it."""
    if facts.snapshot.scheme == SCHEME:
        return facts.snapshot.fingerprint
    return canonicalise(facts.wanted, check=False).fingerprint


def _online(facts: Facts) -> bool:
    """`keep` means what we left, not what a half-broken DolphinScheduler shows."""
    if facts.sync.online != Online.KEEP:
        return facts.sync.online == Online.ON
    expected = facts.state.expected_online
    return facts.live.state.online if expected is None else expected


def _schedule(facts: Facts) -> dict[str, Any] | None:
    live = facts.held.document.schedule if facts.held else None
    if facts.sync.schedule == ScheduleChoice.FROM_DEFINITION or live is None:
        return facts.wanted.schedule
    return live


def _schedule_online(facts: Facts) -> bool:
    if facts.sync.schedule == ScheduleChoice.OFF:
        return False
    wanted = facts.sync.options.get("schedule_online")
    if wanted is None:
        wanted = facts.state.expected_schedule_online
    if wanted is None:
        wanted = facts.live.state.schedule.online if facts.live.state.schedule else False
    return bool(wanted)


def _store_summary(facts: Facts) -> None:
    """Note what the new version changes against the one before, once, so that no list ever compares."""
    facts.snapshot.change_summary = summary_of(facts.state.published, facts.published, facts.wanted)
    Snapshot.objects.filter(pk=facts.snapshot.pk).update(change_summary=facts.snapshot.change_summary)
