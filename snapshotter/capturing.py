"""The worker's half of a capture: what was read becomes a version, unless it is the published one already."""

from django.db import transaction
from django.utils import timezone

from audit.record import record
from catalog.temporary import refuse_temporary
from dolphin.observe import Observation
from snapshotter import finish, locks
from snapshotter.bound import check_bound
from snapshotter.choices import LiveState, Status, SyncState, Trigger
from snapshotter.claim import move
from snapshotter.failures import SyncFailed
from snapshotter.keep import keep_evidence
from snapshotter.make_snapshot import Origin, make_snapshot
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.pieces import stored
from snapshotter.summarise import summarise
from snapshotter.webhooks.announce import announce


def take(sync: Sync, live: Observation) -> None:
    """Store what is live. Raises SyncFailed when there is nothing comparable to store, or not what somebody agreed to."""
    if live.problems:
        finish.note_live(sync, LiveState.CORRUPT)
        keep_evidence(sync, live)
        raise SyncFailed("corrupt", "; ".join(live.problems))
    if live.canonical is None:
        finish.note_live(sync, LiveState.MISSING)
        raise SyncFailed("missing_in_dolphin", "DolphinScheduler has no such workflow any more.")
    if (bound := sync.options.get("bound")) is not None:
        check_bound(bound, live, live.canonical)
    state = WorkflowState.objects.select_related("published").get(workflow_id=sync.workflow_id)
    published = state.published
    if published is None:
        refuse_temporary(
            sync.workflow.project, live.canonical.document.name
        )  # the request may have named it by its key only
    with transaction.atomic():
        move(sync, SyncState.SUCCEEDED, finished_at=timezone.now(), lease_until=None)
        unchanged = published is not None and published.holds(live.canonical)
        snapshot = published if unchanged else _store(sync, live, published)
        assert snapshot is not None  # noqa: S101  unchanged implies a published one
        Sync.objects.filter(pk=sync.pk).update(
            snapshot=snapshot, result={"unchanged": unchanged, **_gone_off(state, live)}
        )
        finish.make_published(snapshot, live)
        locks.release(sync)
        event = "capture.unchanged" if unchanged else "capture.succeeded"
        record(
            event,
            actor=finish.actor_of(sync),
            target=snapshot,
            scope=sync.workflow.project.scope,
            detail={"sync": sync.pk},
        )
        announce(sync, event)


def _gone_off(state: WorkflowState, live: Observation) -> dict[str, list[str]]:
    """A capture takes what is off as it is, and nobody else would say so."""
    schedule = live.state.schedule
    off = state.gone_off(online=live.state.online, schedule_online=schedule.online if schedule else None)
    return {"gone_off": off} if off else {}


def _store(sync: Sync, live: Observation, published: Snapshot | None) -> Snapshot:
    canonical = live.canonical
    assert canonical is not None  # noqa: S101  the caller asked
    options = sync.options
    return make_snapshot(
        workflow=sync.workflow,
        pieces=stored(canonical, canonical.schedule_json),
        status=Status.PUBLISHED,
        origin=Origin(
            trigger=Trigger(options.get("trigger", Trigger.CAPTURE)),
            trigger_ref=options.get("trigger_ref", ""),
            message=options.get("message", ""),
            published_by=options.get("published_by", ""),
            publish_task_ids=tuple(options.get("publish_task_ids", ())),
            task_metadata=options.get("task_metadata"),
        ),
        actor=finish.actor_of(sync),
        dolphin_version=live.state.version,
        change_summary=summarise(published, canonical.document),
    )
