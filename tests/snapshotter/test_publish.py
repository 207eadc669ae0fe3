"""Accepting a publish: what is kept, what is refused, and that a refusal leaves nothing but its audit row."""

import pytest
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import InvalidRequest, NotAllowed, NotFound, ProjectOff
from catalog.models import Project, Workflow
from definitions.errors import DefinitionError
from snapshotter.choices import Online, ScheduleChoice, Status, SyncState
from snapshotter.errors import AlreadyBound, IdempotencyKeyReused, StaleBase, WorkflowLocked
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE


def test_a_publish_commits_a_draft_before_dolphin_is_touched(request_publish, make_definition, dolphin):
    accepted = request_publish(make_definition())
    assert (accepted.snapshot.status, accepted.sync.state, accepted.snapshot.version) == (
        Status.DRAFT,
        SyncState.QUEUED,
        1,
    )
    assert WorkflowState.objects.get().lock_id == accepted.sync.pk
    assert dolphin.log == []
    entry = AuditEntry.objects.get(event="publish.accepted")
    assert (entry.actor_name, entry.reason, entry.scope) == ("publisher", "why", "sandbox/warehouse")


def test_the_same_content_again_is_no_second_version(run_publish, request_publish, make_definition):
    run_publish(make_definition())
    again = request_publish(make_definition())
    assert (again.duplicate, again.sync, again.snapshot.version) == (True, None, 1)
    assert Snapshot.objects.count() == 1
    assert AuditEntry.objects.filter(event="publish.duplicate").count() == 1


def test_asking_for_another_state_is_no_duplicate(run_publish, make_definition):
    run_publish(make_definition())
    sync = run_publish(make_definition(), online=Online.ON)
    assert (sync.state, sync.workflow.state.expected_online) == (SyncState.SUCCEEDED, True)


def test_an_idempotency_key_has_one_effect(request_publish, make_definition):
    first = request_publish(make_definition(), idempotency_key="k1", request_hash="a")
    second = request_publish(make_definition(), idempotency_key="k1", request_hash="a")
    assert (second.replayed, second.sync.pk, second.snapshot.pk) == (True, first.sync.pk, first.snapshot.pk)
    with pytest.raises(IdempotencyKeyReused):
        request_publish(make_definition("other"), idempotency_key="k1", request_hash="b")
    assert Sync.objects.count() == 1


def test_a_locked_workflow_names_its_holder(request_publish, make_definition):
    first = request_publish(make_definition())
    with pytest.raises(WorkflowLocked) as caught:
        request_publish(make_definition("echo other"))
    assert caught.value.extra["sync"] == first.sync.pk
    assert caught.value.extra["holder"] == "publisher"
    assert Snapshot.objects.count() == 1


def test_a_stale_base_is_refused_unless_forced_with_a_reason(run_publish, request_publish, make_definition):
    run_publish(make_definition())
    run_publish(make_definition("echo 2"))
    with pytest.raises(StaleBase) as caught:
        request_publish(make_definition("echo 3"), base=1)
    assert caught.value.extra == {"base": 1, "published": 2}
    sync = run_publish(make_definition("echo 3"), base=1, force_reason="they know")
    assert (sync.state, sync.snapshot.version) == (SyncState.SUCCEEDED, 3)


def test_modes(request_publish, make_definition, project, dolphin):
    project.mode = Mode.OFF
    project.save()
    with pytest.raises(ProjectOff):
        request_publish(make_definition())
    project.mode = Mode.RECORD
    project.save()
    with pytest.raises(InvalidRequest, match="record mode"):
        request_publish(make_definition())
    assert (Sync.objects.count(), Workflow.objects.count()) == (0, 0)


def test_who_may_not_publish(request_publish, make_definition, viewer, outsider):
    with pytest.raises(NotAllowed):
        request_publish(make_definition(), actor=viewer)
    with pytest.raises(NotFound):
        request_publish(make_definition(), actor=outsider)
    refused = AuditEntry.objects.filter(event="publish.refused", outcome="refused")
    assert sorted(refused.values_list("actor_name", flat=True)) == ["outsider", "viewer"]
    assert Snapshot.objects.count() == 0


def test_a_global_permission_is_enough(request_publish, make_definition, outsider):
    for permission in ("catalog.view_project", "catalog.publish_project"):
        assign_perm(permission, outsider)
    outsider = type(outsider).objects.get(pk=outsider.pk)
    assert request_publish(make_definition(), actor=outsider).snapshot.created_by_name == "outsider"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"key": "a/b"}, InvalidRequest),
        ({"key": ".."}, InvalidRequest),
        ({"key": ""}, InvalidRequest),
        ({"key": "x" * 191}, InvalidRequest),
        ({"key": "new", "project": None}, NotFound),
        ({"schedule": ScheduleChoice.FROM_DEFINITION}, InvalidRequest),
        ({"idempotency_key": "x" * 201}, InvalidRequest),
        ({"label": "x" * 201}, DefinitionError),
        ({"label": "  "}, DefinitionError),
    ],
)
def test_bad_requests_leave_nothing(request_publish, make_definition, options, error):
    with pytest.raises(error):
        request_publish(make_definition(), **options)
    assert (Sync.objects.count(), Snapshot.objects.count(), Workflow.objects.count()) == (0, 0, 0)


def test_a_bound_code_is_not_bound_twice(run_publish, request_publish, make_definition):
    code = run_publish(make_definition()).workflow.workflow_code
    with pytest.raises(AlreadyBound):
        request_publish(make_definition(), key="other", workflow_code=code)


def test_a_code_of_another_project_does_not_tell_its_key(run_publish, request_publish, make_definition, project):
    code = run_publish(make_definition()).workflow.workflow_code
    other = Project.objects.create(instance=project.instance, code=77, name="other", mode="publish")
    Workflow.objects.update(project=other)
    with pytest.raises(AlreadyBound) as caught:
        request_publish(make_definition(), key="other", workflow_code=code)
    assert "orders" not in str(caught.value.extra)


def test_a_schedule_comes_with_the_definition(run_publish, make_definition, dolphin):
    body = make_definition(schedule={**SCHEDULE, "releaseState": "ONLINE"})
    sync = run_publish(body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)
    assert (sync.state, sync.error_text) == (SyncState.SUCCEEDED, "")
    assert [row["releaseState"] for row in dolphin.state.schedules] == ["ONLINE"]
    assert sync.workflow.state.expected_schedule_online is True
    run_due()
