"""A draft of a platform that calls DolphinScheduler itself: kept first, the workflow held, nothing written by us."""

import pytest

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import NotAllowed, NotFound, ProjectOff
from catalog.models import Workflow
from snapshotter.choices import Status, SyncKind, SyncState
from snapshotter.errors import IdempotencyKeyReused, StaleBase, WorkflowLocked
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.work import run_due


def test_a_draft_is_kept_and_holds_the_workflow(open_draft, make_definition, dolphin):
    accepted = open_draft(make_definition())
    assert (accepted.snapshot.status, accepted.sync.kind, accepted.sync.state) == (
        Status.DRAFT,
        SyncKind.CONFIRM,
        SyncState.WAITING,
    )
    assert WorkflowState.objects.get().lock_id == accepted.sync.pk
    assert run_due() == 0, "nothing is due before the deadline"
    assert dolphin.log == []
    assert AuditEntry.objects.get(event="draft.accepted").actor_name == "publisher"


def test_record_mode_takes_a_first_draft_without_a_code(open_draft, make_definition, project):
    project.mode = Mode.RECORD
    project.save()
    assert open_draft(make_definition()).snapshot.workflow_code is None


def test_off_takes_none(open_draft, make_definition, project):
    project.mode = Mode.OFF
    project.save()
    with pytest.raises(ProjectOff):
        open_draft(make_definition())
    assert Workflow.objects.count() == 0


def test_who_may_not(open_draft, make_definition, viewer, outsider):
    with pytest.raises(NotAllowed):
        open_draft(make_definition(), actor=viewer)
    with pytest.raises(NotFound):
        open_draft(make_definition(), actor=outsider)
    assert AuditEntry.objects.filter(event="draft.refused", outcome="refused").count() == 2
    assert (Workflow.objects.count(), Snapshot.objects.count()) == (0, 0)


def test_another_change_is_told_who_holds_the_workflow(open_draft, request_publish, make_definition):
    first = open_draft(make_definition())
    for attempt in (open_draft, request_publish):
        with pytest.raises(WorkflowLocked) as caught:
            attempt(make_definition("echo other"))
        assert caught.value.extra["sync"] == first.sync.pk


def test_the_published_content_is_no_draft(run_publish, open_draft, make_definition):
    run_publish(make_definition())
    accepted = open_draft(make_definition())
    assert (accepted.duplicate, accepted.sync, accepted.snapshot.version) == (True, None, 1)
    assert WorkflowState.objects.get().lock_id is None
    assert AuditEntry.objects.filter(event="draft.duplicate").count() == 1


def test_a_stale_base_is_refused(run_publish, open_draft, make_definition):
    run_publish(make_definition())
    with pytest.raises(StaleBase):
        open_draft(make_definition("echo 2"), base=0)


def test_an_idempotency_key_has_one_effect(open_draft, make_definition):
    first = open_draft(make_definition(), idempotency_key="k", request_hash="a")
    again = open_draft(make_definition(), idempotency_key="k", request_hash="a")
    assert (again.replayed, again.sync.pk, again.snapshot.pk) == (True, first.sync.pk, first.snapshot.pk)
    with pytest.raises(IdempotencyKeyReused):
        open_draft(make_definition("other"), idempotency_key="k", request_hash="b")
    assert Sync.objects.count() == 1
