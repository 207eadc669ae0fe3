"""A workflow that two updates at once have corrupted, on the sandbox and on the real DolphinScheduler: recognised, explained, repaired."""

import json

import pytest

from audit.actors import SYSTEM
from snapshotter.capture import capture
from snapshotter.choices import LiveEffect, LiveState, SyncState, Trigger
from snapshotter.failures import SyncFailed
from snapshotter.make_snapshot import Origin
from snapshotter.models import DefinitionBlob, Snapshot, Sync, WorkflowState
from snapshotter.put_back import put_back
from snapshotter.store import document_of, get_blob
from snapshotter.work import run_due
from versions.comparison import side


@pytest.fixture
def corrupt(any_stage):
    workflow = any_stage.published("orders")
    any_stage.corrupt("orders")
    return any_stage, workflow


def finished(sync: Sync) -> Sync:
    run_due()
    return Sync.objects.select_related("snapshot", "workflow__state").get(pk=sync.pk)


def test_everywhere_it_is_called_what_it_is(corrupt):
    stage, workflow = corrupt
    publish = finished(stage.accept("orders", stage.body("orders", "echo new")))
    assert (publish.state, publish.error_code) == (SyncState.FAILED, "corrupt")
    assert publish.snapshot.live_effect == LiveEffect.UNTOUCHED
    assert "stands 2 times" in publish.error_text and "Force with a reason" in publish.error_text
    captured = finished(capture(workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=SYSTEM))
    assert (captured.state, captured.error_code) == (SyncState.FAILED, "corrupt")
    with pytest.raises(SyncFailed) as compared:
        side(workflow, "live")
    assert compared.value.code == "corrupt"
    assert WorkflowState.objects.get().live_state == LiveState.CORRUPT
    piece = DefinitionBlob.objects.get(sha256=publish.result["evidence"])
    assert len(json.loads(get_blob(piece.pk))["definition"]["taskDefinitionList"]) == 4


def test_putting_the_published_version_back_repairs_it_with_its_code_kept(corrupt):
    stage, workflow = corrupt
    sync = finished(put_back(workflow, actor=SYSTEM, reason="two people saved at once"))
    assert (sync.state, sync.error_text) == (SyncState.SUCCEEDED, "")
    actions = list(sync.steps.filter(is_write=True).values_list("action", flat=True))
    assert actions[:3] == ["take_offline", "cure", "write"]
    assert stage.live("orders") == {
        "scripts": ["echo a", "echo b", "echo c"],
        "online": "ONLINE",
        "schedules": ["ONLINE"],
    }
    workflow.refresh_from_db()
    data = stage.raw.definition(stage.project.code, workflow.workflow_code)
    assert len({row["code"] for row in data["taskDefinitionList"]}) == len(data["taskDefinitionList"]) == 3
    state = WorkflowState.objects.select_related("published").get()
    assert (state.published.version, state.live_state, state.lock_id) == (1, LiveState.IN_SYNC, None)
    later = finished(stage.accept("orders", stage.body("orders", "echo later")))
    assert (later.state, stage.live("orders")["scripts"][0]) == (SyncState.SUCCEEDED, "echo later")


def test_a_forced_publish_repairs_it_too(corrupt):
    stage, _ = corrupt
    sync = finished(stage.accept("orders", stage.body("orders", "echo new"), force_reason="repair"))
    assert (sync.state, stage.live("orders")["scripts"][0]) == (SyncState.SUCCEEDED, "echo new")
    cure = Snapshot.objects.get(trigger=Trigger.CURE)
    assert (cure.live_from, len(document_of(cure).tasks)) == (None, 3)


def test_without_an_older_version_it_says_so(stage, dolphin):
    workflow = stage.published("orders")
    dolphin.slow_put = 0.1
    stage.corrupt("orders")
    code = min(document_of(Snapshot.objects.get(version=1)).tasks)
    dolphin.state.task_log[code] = [row for row in dolphin.state.task_log[code] if row["version"] > 1]
    sync = finished(put_back(workflow, actor=SYSTEM, reason="repair"))
    assert (sync.state, sync.error_code) == (SyncState.FAILED, "corrupt")
    assert f"task {code} has no older version" in sync.error_text
    assert not sync.steps.filter(is_write=True).exists()
