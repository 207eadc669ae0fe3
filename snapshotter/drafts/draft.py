"""Draft: the record of a publish that the platform does with its own DolphinScheduler calls.

The draft is committed and the workflow locked before the platform calls DolphinScheduler; then its word is waited for: `confirm` or `fail`.
"""

from django.conf import settings
from django.db import IntegrityError

from audit.actors import Actor, user_of
from audit.context import current
from audit.record import record
from catalog.choices import Mode
from catalog.errors import ProjectOff
from catalog.models import Workflow
from definitions.canonical import Canonical
from definitions.secrets import mask_text
from dolphin.payloads import read_any
from snapshotter import idempotency, locks
from snapshotter.accepting import accept
from snapshotter.choices import Status, SyncKind, SyncState
from snapshotter.claim import in_seconds
from snapshotter.errors import StateConflict
from snapshotter.gates.gates import check_gates, refusals_recorded
from snapshotter.make_snapshot import make_snapshot
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.pieces import stored
from snapshotter.publish import (
    LOOKS,
    Accepted,
    PublishRequest,
    built,
    check_base,
    create_workflow,
    find_workflow,
    published_of,
    replayed,
)
from snapshotter.write_failures import write_failures_recorded

EVENT = "draft.accepted"


def draft(request: PublishRequest, *, actor: Actor) -> Accepted:
    """Commit a draft and hold its workflow until the platform's word or the deadline. Raises as `publish` does.

    Works in record mode too: DolphinScheduler is never written by us on this way.
    """
    for _ in range(LOOKS):
        try:
            return _draft(request, actor)
        except (IntegrityError, StateConflict):
            continue  # somebody won; look again at what they made, and be told of it
    raise StateConflict


def _draft(request: PublishRequest, actor: Actor) -> Accepted:
    workflow, project = find_workflow(request, actor=actor, event="draft.refused")
    replay = idempotency.find(project, request.idempotency_key, request.request_hash)
    if replay is not None:
        return replayed(replay)
    if project.mode == Mode.OFF:
        raise ProjectOff(project=project.scope)
    published = published_of(workflow)
    canonical = built(request, workflow, published)
    with (
        refusals_recorded("draft.refused", project, actor),
        write_failures_recorded(request.workflow_key, project, actor),
    ):
        return accept(
            lambda: _accept(
                request, actor, workflow or create_workflow(request, project, canonical), canonical, published
            )
        )


def _accept(
    request: PublishRequest, actor: Actor, workflow: Workflow, canonical: Canonical, published: Snapshot | None
) -> Accepted:
    key = idempotency.claim(workflow.project, request.idempotency_key, request.request_hash)
    # The row lock makes the checks below and the lock one act, as in a publish.
    state = WorkflowState.objects.select_for_update().get(workflow=workflow)
    if state.published_id != (published.pk if published else None):
        raise StateConflict
    if published is not None and _is_duplicate(canonical, published):
        record("draft.duplicate", actor=actor, target=published, scope=workflow.project.scope)
        accepted = Accepted(workflow=workflow, snapshot=published, duplicate=True)
    else:
        check_base(request, published)
        accepted = _open(request, actor, workflow, canonical)
    idempotency.answer(key, sync=accepted.sync, snapshot=accepted.snapshot)
    return accepted


def _is_duplicate(canonical: Canonical, published: Snapshot) -> bool:
    parts = (canonical.content_hash, canonical.label_hash, canonical.layout_hash)
    if parts != (published.content_hash, published.label_hash, published.layout_hash):
        return False
    return canonical.document.schedule is None or canonical.schedule_hash == published.schedule_hash


def _open(request: PublishRequest, actor: Actor, workflow: Workflow, canonical: Canonical) -> Accepted:
    sync = Sync.objects.create(
        workflow=workflow,
        kind=SyncKind.CONFIRM,
        state=SyncState.WAITING,
        due_at=in_seconds(settings.SNAPSHOTTER["CONFIRM_DEADLINE"]),
        force_reason=request.force_reason,
        options={
            "layout_stated": read_any(dict(request.definition)).layout is not None,
            "override_freeze": mask_text(request.override_freeze),
        },
        actor=user_of(actor),
        actor_name=str(actor),
        request_id=current().request_id,
    )
    sync.refresh_from_db(fields=["due_at"])  # the moment that the database's clock makes of it
    locks.take(sync)
    sync.snapshot = make_snapshot(
        workflow=workflow,
        # A schedule that the definition does not state is learnt when the draft is confirmed.
        pieces=stored(canonical, canonical.schedule_json if canonical.document.schedule is not None else None),
        status=Status.DRAFT,
        origin=request.origin,
        actor=actor,
    )
    sync.save(update_fields=["snapshot"])
    check_gates(sync)
    record(
        EVENT,
        actor=actor,
        target=sync.snapshot,
        scope=workflow.project.scope,
        reason=request.origin.message,
        detail={"content_hash": sync.snapshot.content_hash, "sync": sync.pk, "deadline": str(sync.due_at)},
    )
    return Accepted(workflow=workflow, sync=sync, snapshot=sync.snapshot)
