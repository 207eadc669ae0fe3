"""Confirming a draft: asked once, answered the same ever after, taken late, refused where it makes no sense."""

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import InvalidRequest, NotAllowed, ProjectOff
from snapshotter.choices import LiveEffect, Status, SyncState
from snapshotter.drafts.confirm import _ask, confirm
from snapshotter.errors import AlreadyBound, NotADraft, StateConflict, Superseded
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.work import run_due


@pytest.fixture
def waiting(open_draft, make_definition):
    """A draft that waits for its platform."""
    return open_draft(make_definition()).snapshot


def pass_deadline():
    Sync.objects.waiting_for_platform().update(due_at=timezone.now() - timezone.timedelta(seconds=1))
    run_due()


def fresh(snapshot):
    return Snapshot.objects.select_related("workflow__project__instance", "project").get(pk=snapshot.pk)


def test_a_confirm_is_queued_and_leaves_its_audit_row(waiting, publisher):
    accepted = confirm(waiting, workflow_code=5, dolphin_version=1, actor=publisher)
    assert (accepted.sync.state, accepted.replayed) == (SyncState.QUEUED, False)
    entry = AuditEntry.objects.get(event="confirm.accepted")
    assert (entry.actor_name, entry.additional_data["workflow_code"]) == ("publisher", 5)


def test_twice_is_once(waiting, publisher, platform_create, make_definition):
    code = platform_create(make_definition())
    first = confirm(waiting, workflow_code=code, actor=publisher)
    again = confirm(fresh(waiting), workflow_code=code, actor=publisher)
    assert (again.replayed, again.sync.pk) == (True, first.sync.pk)
    run_due()
    ended = confirm(fresh(waiting), workflow_code=code, actor=publisher)
    assert (ended.replayed, ended.sync.state, ended.snapshot.status) == (True, "succeeded", "published")
    assert AuditEntry.objects.filter(event="confirm.accepted").count() == 1


def test_one_that_a_worker_has_taken_meanwhile(waiting, publisher):
    confirm(waiting, workflow_code=5, actor=publisher)
    Sync.objects.update(attempt=1, state=SyncState.RUNNING)
    assert confirm(waiting, workflow_code=5, actor=publisher).replayed


def test_one_at_the_moment_of_the_deadline_is_not_answered_as_heard(waiting, publisher):
    Sync.objects.update(attempt=1, state=SyncState.RUNNING)
    with pytest.raises(StateConflict):
        confirm(waiting, workflow_code=5, actor=publisher)


def test_the_moment_between_look_and_update(waiting, publisher):
    sync = Sync.objects.confirming(waiting).get()
    Sync.objects.update(attempt=1, state=SyncState.RUNNING)
    with pytest.raises(StateConflict):
        _ask(sync, {"workflow_code": 5, "dolphin_version": None}, publisher)
    assert "confirm" not in Sync.objects.get().options


def test_after_the_deadline_it_is_unconfirmed_and_free(waiting):
    pass_deadline()
    snapshot = fresh(waiting)
    assert (snapshot.status, snapshot.error_code, snapshot.live_effect) == (
        Status.UNCONFIRMED,
        "unconfirmed",
        LiveEffect.UNKNOWN,
    )
    assert WorkflowState.objects.get().lock_id is None
    assert AuditEntry.objects.get(event="confirm.unconfirmed").outcome == "failed"


def test_a_late_confirm_is_taken(waiting, publisher, platform_create, make_definition):
    code = platform_create(make_definition())
    pass_deadline()
    late = confirm(fresh(waiting), workflow_code=code, actor=publisher)
    assert (late.replayed, late.snapshot.status, WorkflowState.objects.get().lock_id) == (False, "draft", late.sync.pk)
    run_due()
    assert fresh(waiting).status == Status.PUBLISHED
    assert Sync.objects.count() == 2


def test_too_late_is_superseded(waiting, publisher, run_publish, make_definition):
    pass_deadline()
    sync = run_publish(make_definition("echo newer"))
    with pytest.raises(Superseded):
        confirm(fresh(waiting), workflow_code=sync.workflow.workflow_code, actor=publisher)
    assert fresh(waiting).status == Status.UNCONFIRMED


def test_what_is_no_draft_of_a_platform(request_publish, make_definition, publisher):
    snapshot = request_publish(make_definition()).snapshot
    with pytest.raises(NotADraft):
        confirm(snapshot, workflow_code=5, actor=publisher)


def test_another_code_than_the_bound_one(run_publish, open_draft, make_definition, publisher):
    code = run_publish(make_definition()).workflow.workflow_code
    mine = open_draft(make_definition("echo 2")).snapshot
    with pytest.raises(InvalidRequest):
        confirm(mine, workflow_code=code + 1, actor=publisher)
    other = open_draft(make_definition("echo 3"), key="other").snapshot
    with pytest.raises(AlreadyBound):
        confirm(other, workflow_code=code, actor=publisher)


def test_who_may_not_and_where_not(waiting, viewer, publisher, project):
    with pytest.raises(NotAllowed):
        confirm(waiting, workflow_code=5, actor=viewer)
    assert AuditEntry.objects.filter(event="confirm.refused").count() == 1
    project.mode = Mode.OFF
    project.save()
    with pytest.raises(ProjectOff):
        confirm(fresh(waiting), workflow_code=5, actor=publisher)
    assert Sync.objects.get().waits_for_platform
