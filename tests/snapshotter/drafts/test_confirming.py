"""The proof of a draft: what DolphinScheduler holds decides, not what the platform says. We never write."""

import zlib

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.models import Instance
from snapshotter.choices import LiveEffect, LiveState, Status, SyncState
from snapshotter.drafts.confirm import confirm
from snapshotter.models import DefinitionBlob, Snapshot, Sync, WorkflowState
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE
from tests.snapshotter.conftest import platform_form

READS = ("GET", "schedules/list")


@pytest.fixture
def prove(publisher):
    """Confirm and work; return the sync as it ended."""

    def run(accepted, code, **said):
        confirm(accepted.snapshot, workflow_code=code, actor=publisher, **said)
        run_due()
        return Sync.objects.select_related("snapshot", "workflow__state").get(pk=accepted.sync.pk)

    return run


@pytest.mark.parametrize("mode", [Mode.PUBLISH, Mode.RECORD])
def test_equal_is_published(mode, project, open_draft, platform_create, prove, make_definition, dolphin):
    project.mode = mode
    project.save()
    accepted = open_draft(make_definition())
    code = platform_create(make_definition())
    calls = len(dolphin.log)
    sync = prove(accepted, code, dolphin_version=1)
    snapshot, state = sync.snapshot, sync.workflow.state
    assert (sync.state, snapshot.status, snapshot.dolphin_version) == (SyncState.SUCCEEDED, Status.PUBLISHED, 1)
    assert (state.published_id, state.lock_id, state.live_state) == (snapshot.pk, None, LiveState.IN_SYNC)
    assert (sync.workflow.workflow_code, snapshot.workflow_code) == (code, code)
    assert snapshot.live_from is not None and snapshot.change_summary["tasks_added"] == 3
    assert all(call.method == "GET" or call.path.endswith("list") for call in dolphin.log[calls:])
    assert AuditEntry.objects.filter(event="confirm.succeeded").count() == 1


def test_what_the_draft_leaves_open_is_learnt(open_draft, platform_create, prove, make_definition, raw, project):
    accepted = open_draft(make_definition())
    code = platform_create(make_definition())
    raw.release(project.code, code, "ONLINE")
    raw.create_schedule(project.code, code, "0 0 4 * * ? *")
    before = accepted.snapshot
    snapshot = prove(accepted, code).snapshot
    assert (before.schedule_hash, bool(snapshot.schedule_hash)) == ("", True)
    assert snapshot.layout_hash != before.layout_hash


def test_a_schedule_that_was_learnt_is_no_change(open_draft, platform_create, prove, make_definition, raw, project):
    code = platform_create(make_definition())
    raw.release(project.code, code, "ONLINE")
    raw.create_schedule(project.code, code, "0 0 4 * * ? *")
    prove(open_draft(make_definition()), code)
    raw.release(project.code, code, "OFFLINE")
    later = make_definition("echo later")
    accepted = open_draft(later)
    raw.data("PUT", f"/projects/{project.code}/process-definition/{code}", **platform_form(raw, later))
    summary = prove(accepted, code).snapshot.change_summary
    assert (summary["schedule"], summary["tasks_modified"], summary["base"]) == (0, 1, 1)


def test_a_stated_schedule_must_be_there(open_draft, platform_create, prove, make_definition):
    accepted = open_draft(make_definition(schedule=SCHEDULE))
    sync = prove(accepted, platform_create(make_definition()))
    assert (sync.error_code, [row["kind"] for row in sync.result["differences"]]) == ("not_equal", ["schedule_removed"])


def test_a_difference_is_named_without_its_value(open_draft, platform_create, prove, make_definition):
    accepted = open_draft(make_definition("export PASSWORD=hunter2"))
    sync = prove(accepted, platform_create(make_definition("echo other")))
    assert (sync.state, sync.error_code, sync.snapshot.status) == (SyncState.FAILED, "not_equal", Status.FAILED)
    assert "task_modified task 0 taskParams.rawScript" in sync.error_text
    assert "hunter2" not in str([sync.error_text, sync.result])
    state = sync.workflow.state
    assert (state.published_id, state.lock_id, sync.workflow.workflow_code) == (None, None, None)
    assert sync.snapshot.live_effect == LiveEffect.UNKNOWN


def test_a_platform_that_never_wrote_is_found_out(run_publish, open_draft, prove, make_definition):
    code = run_publish(make_definition()).workflow.workflow_code
    sync = prove(open_draft(make_definition("echo 2")), code)
    assert (sync.error_code, sync.snapshot.live_effect) == ("not_equal", LiveEffect.UNTOUCHED)
    assert (sync.workflow.state.live_state, sync.workflow.state.published.version) == (LiveState.IN_SYNC, 1)


def test_an_update_by_the_platform(run_publish, open_draft, prove, make_definition, raw, project):
    code = run_publish(make_definition()).workflow.workflow_code
    accepted = open_draft(make_definition("echo 2"))
    form = platform_form(raw, make_definition("echo 2"))
    raw.data("PUT", f"/projects/{project.code}/process-definition/{code}", **form)
    sync = prove(accepted, code, dolphin_version=2)
    assert (sync.state, sync.snapshot.version, sync.snapshot.dolphin_version) == (SyncState.SUCCEEDED, 2, 2)
    assert Snapshot.objects.get(version=1).live_to is not None


def test_a_later_save_than_the_confirmed_one_is_said(open_draft, platform_create, prove, make_definition):
    sync = prove(open_draft(make_definition()), platform_create(make_definition("echo x")), dolphin_version=7)
    assert "It is at version 1, 7 was confirmed." in sync.error_text


def test_no_such_workflow(open_draft, prove, make_definition):
    sync = prove(open_draft(make_definition()), 4711)
    assert (sync.state, sync.error_code) == (SyncState.FAILED, "missing_in_dolphin")


def test_a_dolphin_that_is_away_is_waited_for_then_nothing_is_claimed(
    open_draft, platform_create, prove, make_definition, dolphin
):
    code = platform_create(make_definition())
    for _ in range(5):
        dolphin.fault("status", method="GET", path="/process-definition/", status=503)
    sync = prove(open_draft(make_definition()), code)
    assert (sync.state, sync.snapshot.status) == (SyncState.WAITING, Status.DRAFT)
    for _ in range(4):
        Sync.objects.update(due_at=timezone.now() - timezone.timedelta(seconds=1))
        run_due()
    sync.refresh_from_db()
    assert (sync.state, Snapshot.objects.get().status) == (SyncState.FAILED, Status.UNCONFIRMED)
    assert WorkflowState.objects.get().lock_id is None


def test_a_refused_token_pauses_and_claims_nothing(open_draft, platform_create, prove, make_definition, dolphin):
    code = platform_create(make_definition())
    dolphin.token = "another"
    sync = prove(open_draft(make_definition()), code)
    assert (sync.error_code, sync.snapshot.status) == ("dolphin_unauthorized", Status.UNCONFIRMED)
    assert Instance.objects.get().paused_because


def test_switched_off_meanwhile(open_draft, prove, make_definition, project, dolphin, publisher):
    accepted = open_draft(make_definition())
    confirm(accepted.snapshot, workflow_code=5, actor=publisher)
    project.mode = Mode.OFF
    project.save()
    run_due()
    assert Snapshot.objects.get().error_code == "project_off"
    assert dolphin.log == []


def test_two_drafts_that_claim_one_workflow(open_draft, platform_create, make_definition, publisher):
    code = platform_create(make_definition())
    for key in ("a", "b"):
        confirm(open_draft(make_definition(), key=key).snapshot, workflow_code=code, actor=publisher)
    run_due()
    ends = Sync.objects.order_by("pk").values_list("state", "error_code")
    assert list(ends) == [("succeeded", ""), ("failed", "already_bound")]


def test_a_draft_whose_content_is_damaged_can_not_be_confirmed(open_draft, platform_create, prove, make_definition):
    accepted, code = open_draft(make_definition()), platform_create(make_definition())
    DefinitionBlob.objects.update(data=zlib.compress(b"other"))
    sync = prove(accepted, code)
    assert (sync.state, sync.error_code, sync.snapshot.status) == ("failed", "content_damaged", Status.UNCONFIRMED)
    assert sync.workflow.state.lock_id is None
