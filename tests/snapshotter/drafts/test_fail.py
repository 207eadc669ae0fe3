"""The platform says that its calls went wrong."""

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed
from snapshotter.choices import LiveEffect, Status, SyncState
from snapshotter.drafts.confirm import confirm
from snapshotter.drafts.fail import fail_draft
from snapshotter.errors import NotADraft, StateConflict
from snapshotter.models import Sync, WorkflowState
from snapshotter.work import run_due


@pytest.fixture
def waiting(open_draft, make_definition):
    return open_draft(make_definition()).snapshot


def fail(snapshot, actor, code="E-7", message="the gateway said no, password=hunter2"):
    return fail_draft(snapshot, code=code, message=message, actor=actor)


def test_it_ends_failed_and_free_with_secrets_masked(waiting, publisher, dolphin):
    accepted = fail(waiting, publisher)
    snapshot = accepted.snapshot
    assert (snapshot.status, snapshot.error_code, snapshot.error_step) == (Status.FAILED, "E-7", "platform")
    assert (accepted.sync.state, snapshot.live_effect) == (SyncState.FAILED, LiveEffect.UNKNOWN)
    assert WorkflowState.objects.get().lock_id is None
    entry = AuditEntry.objects.get(event="confirm.failed")
    assert entry.actor_name == "publisher" and "gateway" in entry.reason
    assert "hunter2" not in str([snapshot.error_text, accepted.sync.error_text, entry.reason])
    assert dolphin.log == []


def test_twice_is_once(waiting, publisher):
    fail(waiting, publisher)
    again = fail(waiting, publisher, code="other")
    assert (again.replayed, again.snapshot.error_code) == (True, "E-7")
    assert AuditEntry.objects.filter(event="confirm.failed").count() == 1


def test_after_the_deadline_too(waiting, publisher):
    Sync.objects.update(due_at=timezone.now() - timezone.timedelta(seconds=1))
    run_due()
    waiting.refresh_from_db()
    assert fail(waiting, publisher).snapshot.status == Status.FAILED


def test_not_while_a_confirm_is_worked_on(waiting, publisher):
    confirm(waiting, workflow_code=5, actor=publisher)
    with pytest.raises(StateConflict):
        fail(waiting, publisher)
    assert WorkflowState.objects.get().lock_id == Sync.objects.get().pk


def test_what_can_not_fail(run_publish, make_definition, waiting, publisher, viewer):
    with pytest.raises(NotADraft):
        fail(run_publish(make_definition(), key="other").snapshot, publisher)
    with pytest.raises(NotAllowed):
        fail(waiting, viewer)
    with pytest.raises(InvalidRequest):
        fail(waiting, publisher, code="a b")
    assert Sync.objects.confirming(waiting).get().waits_for_platform
