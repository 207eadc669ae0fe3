"""Publish an earlier version's content again, as a new version: what a rollback does, through the same pipeline as any publish."""

from dataclasses import dataclass, replace
from typing import Any

from audit.actors import Actor
from catalog.models import Workflow
from definitions.canonical import SCHEME, Canonical, canonicalise
from definitions.secrets import mask_text
from dolphin.observe import Observation
from snapshotter.choices import WANTED, Online, ScheduleChoice, Status, SyncKind
from snapshotter.gates.gates import check_gates
from snapshotter.make_snapshot import Origin, make_snapshot
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.pieces import UNKNOWN_SCHEDULE, Pieces, held_by, stored
from snapshotter.start import start
from snapshotter.states_after import States, states_after
from snapshotter.store import NO_SCHEDULE, document_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Republish:
    """`bound`: what live must still be, {"fingerprint", "schedule_hash", "online", "schedule_online"}; hashes None where it is corrupt.

    `schedule_state` counts where the schedule is kept or comes from the version. `wait_for_runs`: running instances end first.
    """

    version: Snapshot
    origin: Origin
    bound: dict[str, str | bool | None]
    online: Online = Online.KEEP
    schedule: ScheduleChoice = ScheduleChoice.KEEP
    schedule_state: Online = Online.KEEP
    with_name: bool = False
    with_layout: bool = True
    wait_for_runs: bool = False
    override_freeze: str = ""


def republish(workflow: Workflow, order: Republish, *, actor: Actor) -> Sync:
    """Make a draft of the earlier content, lock the workflow and queue its sync. Call inside a transaction, the right asked for.

    Raises WorkflowLocked, Frozen, Quarantined, ProjectOff, ProjectRecords.
    """
    state = WorkflowState.objects.select_for_update().select_related("published").get(workflow=workflow)
    sync = start(
        workflow,
        kind=SyncKind.PUBLISH,
        actor=actor,
        online=order.online,
        schedule=order.schedule,
        force_reason=order.origin.message,
        options=_options(order, state.published_id),
    )
    sync.snapshot = make_snapshot(
        workflow=workflow,
        pieces=_pieces(order, state.published),
        status=Status.DRAFT,
        origin=order.origin,
        actor=actor,
        rollback_of=order.version,
    )
    sync.save(update_fields=["snapshot"])
    check_gates(sync)
    return sync


def again(version: Snapshot, published: Snapshot | None, *, with_name: bool, with_layout: bool) -> Canonical:
    """Return what is published: the version's content and schedule; the present name and positions where it is not to bring its own."""
    document = document_of(version)
    if published is not None and not with_name:
        document = replace(document, name=published.label)
    if published is not None and not with_layout:
        present = document_of(published).layout or {}
        own = document.layout or {}
        document = replace(document, layout={code: present.get(code, own.get(code, {})) for code in document.tasks})
    return canonicalise(document, check=False)


def _options(order: Republish, published: int | None) -> dict[str, Any]:
    return {
        "schedule_online": WANTED[Online(order.schedule_state)],
        "base": published,
        "bound": order.bound,
        "wait_for_runs": order.wait_for_runs,
        "override_freeze": mask_text(order.override_freeze),
    }


def _pieces(order: Republish, published: Snapshot | None) -> Pieces:
    """Return the parts of the new version: those in store, where none has to be made anew. The worker checks them before it writes."""
    version = order.version
    if version.scheme != SCHEME or (published is not None and not order.with_layout):
        wanted = again(version, published, with_name=True, with_layout=order.with_layout)
        own = stored(wanted, wanted.schedule_json)
    else:
        own = held_by(version)
    if published is not None and not order.with_name:
        own = replace(own, label=published.label, label_hash=published.label_hash)
    if order.schedule == ScheduleChoice.FROM_DEFINITION:
        return own
    # Where none is published only DolphinScheduler knows the schedule, and it is learnt at the proof.
    known = (published.schedule_hash, published.schedule_id) if published is not None else (UNKNOWN_SCHEDULE, None)
    return replace(own, schedule_hash=known[0], schedule_id=known[1])


def brings_nothing(
    wanted: Canonical,
    live: Observation,
    state: WorkflowState,
    *,
    online: Online,
    schedule: ScheduleChoice,
    schedule_state: Online,
) -> bool:
    """Whether live and the published version are this already, with the states that are asked for."""
    shown, published = live.canonical, state.published
    if live.problems or shown is None or published is None or wanted.fingerprint != shown.fingerprint:
        return False
    if published.fingerprint != shown.fingerprint:
        return False
    if schedule_after(wanted.schedule_hash, live, published, schedule) != shown.schedule_hash:
        return False
    now = states_now(live)
    after = states_after(
        now,
        (state.expected_online, state.expected_schedule_online),
        online=online,
        schedule=schedule,
        schedule_state=schedule_state,
        has_schedule=live.state.schedule is not None,
    )
    # A schedule that is on over a workflow that is off is asleep: nothing is to be done about it.
    return (after.online, after.fires) == (now.online, now.schedule)


def states_now(live: Observation) -> States:
    schedule = live.state.schedule
    return States(online=live.state.online, schedule=schedule is not None and schedule.online)


def schedule_after(own: str, live: Observation, published: Snapshot | None, schedule: ScheduleChoice) -> str:
    """Return the hash of the schedule afterwards; `own` is the version's. One deleted in DolphinScheduler comes back as published."""
    if schedule == ScheduleChoice.FROM_DEFINITION:
        return own
    if live.state.schedule is not None:
        return live.state.schedule.fingerprint
    return (published.schedule_hash if published is not None else "") or NO_SCHEDULE
