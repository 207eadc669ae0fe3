"""What holds a publish back: at accept, again when the worker begins, never after the first write."""

import pytest
from django.utils import timezone
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import NotAllowed
from catalog.models import Deployment
from snapshotter.choices import LiveEffect, Status, SyncState
from snapshotter.drafts.confirm import confirm
from snapshotter.errors import Frozen, Quarantined
from snapshotter.models import ContentQuarantine, FreezeWindow, Snapshot, Sync, WorkflowState
from snapshotter.work import run_due
from tests.snapshotter.conftest import platform_form

HOUR = timezone.timedelta(hours=1)
WRITES = ("POST", "PUT", "DELETE")


@pytest.fixture
def freeze_now(project, instance):
    def make(**scope):
        scope = scope or {"project": project}
        now = timezone.now()
        return FreezeWindow.objects.create(
            starts_at=now - HOUR, ends_at=now + HOUR, reason="Double Eleven", created_by_name="wang", **scope
        )

    return make


@pytest.fixture
def ban():
    def make(snapshot, **more):
        more.setdefault("workflow", snapshot.workflow)
        return ContentQuarantine.objects.create(
            project=snapshot.project, content_hash=snapshot.content_hash, reason="bad", created_by_name="wang", **more
        )

    return make


def written(dolphin):
    return [call for call in dolphin.log if call.method in WRITES and not call.path.endswith("list")]


@pytest.mark.parametrize("scope", ["project", "instance", "everywhere"])
def test_frozen_is_refused_and_force_does_not_help(
    scope, freeze_now, request_publish, open_draft, make_definition, project
):
    window = freeze_now(
        project=project if scope == "project" else None, instance=project.instance if scope == "instance" else None
    )
    for attempt, options in ((request_publish, {}), (request_publish, {"force_reason": "now"}), (open_draft, {})):
        with pytest.raises(Frozen, match="Double Eleven") as caught:
            attempt(make_definition(), **options)
    assert (caught.value.extra["window"], caught.value.extra["reason"]) == (window.pk, "Double Eleven")
    assert caught.value.extra["until"] == window.ends_at.isoformat()
    assert (Sync.objects.count(), Snapshot.objects.count()) == (0, 0)
    refused = AuditEntry.objects.filter(outcome="refused", reason__contains="Double Eleven")
    assert sorted(refused.values_list("event", flat=True)) == ["draft.refused", "publish.refused", "publish.refused"]


def test_another_projects_window_and_a_lifted_one_freeze_nothing(freeze_now, request_publish, make_definition, project):
    freeze_now()
    FreezeWindow.objects.update(ended_at=timezone.now())
    other = type(project).objects.create(instance=project.instance, code=5, name="other", mode=Mode.PUBLISH)
    freeze_now(project=other)
    assert request_publish(make_definition()).sync is not None


def test_a_window_that_began_while_it_was_queued(run_publish, request_publish, freeze_now, make_definition, dolphin):
    run_publish(make_definition())
    accepted = request_publish(make_definition("echo 2"))
    calls = len(written(dolphin))
    freeze_now()
    run_due()
    sync = Sync.objects.select_related("snapshot").get(pk=accepted.sync.pk)
    assert (sync.state, sync.error_code, sync.snapshot.live_effect) == (
        SyncState.FAILED,
        "frozen",
        LiveEffect.UNTOUCHED,
    )
    assert len(written(dolphin)) == calls
    assert WorkflowState.objects.get().lock_id is None


def test_a_window_that_began_after_the_first_write_changes_nothing(
    run_publish, request_publish, freeze_now, make_definition, dolphin
):
    run_publish(make_definition())
    dolphin.fault("cut", method="PUT", after=True)
    sync = run_publish(make_definition("echo 2"))
    assert sync.state == SyncState.WAITING
    freeze_now()
    hour_ago = timezone.now() - HOUR
    sync.steps.filter(answered_at=None).update(sent_at=hour_ago)
    Sync.objects.filter(pk=sync.pk).update(due_at=hour_ago)
    run_due()
    assert Sync.objects.get(pk=sync.pk).state == SyncState.SUCCEEDED


def test_a_window_does_not_stop_the_proof_of_a_draft(open_draft, freeze_now, make_definition, raw, project, publisher):
    accepted = open_draft(make_definition())
    freeze_now()
    code = raw.create(project.code, platform_form(raw, make_definition()))
    confirm(accepted.snapshot, workflow_code=code, actor=publisher)
    run_due()
    assert Snapshot.objects.get().status == Status.PUBLISHED


def test_overriding_needs_the_right_and_is_audited(freeze_now, request_publish, make_definition, publisher, project):
    freeze_now()
    with pytest.raises(NotAllowed):
        request_publish(make_definition(), override_freeze="the shop is down")
    assign_perm("catalog.override_freeze_project", publisher, project)
    publisher = type(publisher).objects.get(pk=publisher.pk)
    accepted = request_publish(make_definition(), actor=publisher, override_freeze="the shop is down")
    run_due()
    assert Sync.objects.get(pk=accepted.sync.pk).state == SyncState.SUCCEEDED
    entry = AuditEntry.objects.get(event="freeze.overridden")
    assert (entry.reason, entry.actor_name) == ("the shop is down", "publisher")


@pytest.mark.parametrize("whole_project", [False, True])
def test_quarantined_content_is_refused(whole_project, run_publish, request_publish, open_draft, make_definition, ban):
    bad = run_publish(make_definition()).snapshot
    run_publish(make_definition("echo good"))
    ban(bad, **({"workflow": None} if whole_project else {}))
    for attempt in (request_publish, open_draft):
        with pytest.raises(Quarantined, match="bad"):
            attempt(make_definition())
    if whole_project:
        with pytest.raises(Quarantined):
            request_publish(make_definition(), key="another")
    else:
        assert request_publish(make_definition(), key="another").sync is not None


def test_quarantined_while_it_was_queued(request_publish, make_definition, ban, dolphin):
    accepted = request_publish(make_definition())
    ban(accepted.snapshot)
    run_due()
    sync = Sync.objects.get()
    assert (sync.state, sync.error_code, written(dolphin)) == (SyncState.FAILED, "quarantined", [])


@pytest.mark.parametrize(("mode", "code"), [(Mode.OFF, "project_off"), (Mode.RECORD, "project_records")])
def test_the_mode_was_changed_while_it_was_queued(mode, code, request_publish, make_definition, project, dolphin):
    request_publish(make_definition())
    project.mode = mode
    project.save()
    run_due()
    assert (Sync.objects.get().error_code, dolphin.log) == (code, [])
    assert Snapshot.objects.get().live_effect == LiveEffect.UNTOUCHED


def test_a_capture_of_a_project_switched_off_meanwhile(run_publish, publisher, make_definition, project, dolphin):
    from snapshotter.capture import capture
    from snapshotter.choices import Trigger
    from snapshotter.make_snapshot import Origin

    workflow = run_publish(make_definition()).workflow
    sync = capture(workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
    project.mode = Mode.OFF
    project.save()
    calls = len(dolphin.log)
    run_due()
    sync.refresh_from_db()
    assert (sync.state, sync.error_code, len(dolphin.log)) == (SyncState.FAILED, "project_off", calls)


def test_in_a_copied_database_a_publish_only_records(run_publish, request_publish, make_definition, dolphin):
    run_publish(make_definition())
    calls = len(written(dolphin))
    Deployment.objects.update(identity="production")
    accepted = request_publish(make_definition("echo 2"))
    assert (accepted.recorded, accepted.sync.kind) == (True, "capture")
    run_due()
    assert (Sync.objects.get(pk=accepted.sync.pk).state, len(written(dolphin))) == (SyncState.SUCCEEDED, calls)


@pytest.mark.parametrize("half_done", [False, True])
def test_what_was_queued_in_the_original_is_held_in_the_copy(
    half_done, run_publish, request_publish, make_definition, dolphin
):
    run_publish(make_definition())
    if half_done:
        dolphin.fault("cut", method="PUT", after=False)
        sync = run_publish(make_definition("echo 2"))
        sync.steps.filter(answered_at=None).update(sent_at=timezone.now() - HOUR)
        Sync.objects.filter(pk=sync.pk).update(due_at=timezone.now() - HOUR)
    else:
        sync = request_publish(make_definition("echo 2")).sync
    calls = len(dolphin.log)
    Deployment.objects.update(identity="production")
    run_due()
    sync.refresh_from_db()
    assert (sync.state, sync.error_code, len(dolphin.log)) == (SyncState.WAITING, "deployment_changed", calls)
    Deployment.objects.update(identity="tests")
    Sync.objects.filter(pk=sync.pk).update(due_at=timezone.now() - HOUR)
    run_due()
    sync.refresh_from_db()
    assert (sync.state, sync.error_code) == (SyncState.SUCCEEDED, "")
