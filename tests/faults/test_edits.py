"""Somebody saves in DolphinScheduler just before any of our calls: theirs stays live, is kept or is named; never lost in silence."""

import pytest

from rollback.models import RollbackRequest
from snapshotter.choices import LiveEffect, SyncState
from snapshotter.models import Snapshot, Sync
from snapshotter.store import document_of
from snapshotter.work import run_due
from tests.faults import scenarios
from tests.faults.conftest import Stage, no_two_updates_overlap

OURS, THEIRS = "echo new", "echo theirs"


def scripts_kept(key: str) -> set[str]:
    return {
        task["taskParams"]["rawScript"]
        for snapshot in Snapshot.objects.filter(workflow_id=key)
        for task in document_of(snapshot).tasks.values()
    }


def judge(stage: Stage, key: str, sync: Sync, where: str, *, online: bool, ours: str = OURS) -> None:
    live = stage.live(key)
    assert live is not None
    is_ours, is_theirs = ours in live["scripts"], THEIRS in live["scripts"]
    is_known = is_theirs or THEIRS in scripts_kept(key) or sync.result.get("unseen_versions")
    assert is_known, f"{where}: their edit is lost in silence"
    match sync.state:
        case SyncState.SUCCEEDED:
            assert is_ours, where
        case SyncState.FAILED:
            assert is_theirs, where
            assert sync.snapshot.live_effect in (LiveEffect.UNTOUCHED, LiveEffect.RESTORED), where
            assert live["online"] == "ONLINE" or not online, where
        case SyncState.ATTENTION:
            assert (is_theirs, sync.due_at) == (True, None), where
        case state:
            raise AssertionError(f"{where}: {state} {sync.error_code} {sync.error_text}")


@pytest.mark.matrix
def test_an_edit_before_any_call_of_a_rollback(stage, dolphin, proxy):
    """A rollback overwrites what was agreed to and nothing else: from then on any edit stays live, or is kept, or is named."""
    scenarios.rolled_back(stage, "undisturbed")
    proxy.reset()
    run_due()
    calls = proxy.reset()
    for number in range(1, calls + 1):
        key = f"edited-{number}"
        sync = scenarios.rolled_back(stage, key)
        proxy.reset()
        proxy.before(number, lambda found=key: stage.edit(found, THEIRS))
        run_due()
        proxy.reset()
        sync.refresh_from_db()
        request = RollbackRequest.objects.get(sync=sync)
        judge(stage, key, sync, f"edited before call {number} of {calls}", ours="echo a", online=True)
        expected = {"succeeded": "done", "failed": "failed", "attention": "executing"}
        assert request.state == expected[sync.state], number
    no_two_updates_overlap(dolphin.log)


@pytest.mark.matrix
@pytest.mark.parametrize("online", [True, False])
def test_an_edit_before_any_call(stage, dolphin, proxy, online):
    scenarios.publish(stage, "undisturbed")
    proxy.reset()
    run_due()
    calls = proxy.reset()
    states = set()
    for number in range(1, calls + 1):
        key = f"edited-{number}"
        sync = scenarios.publish(stage, key)
        proxy.before(number, lambda found=key: stage.edit(found, THEIRS, online=online))
        run_due()
        proxy.reset()
        sync.refresh_from_db()
        states.add(sync.state)
        judge(stage, key, sync, f"edited before call {number} of {calls}", online=online)
    assert states >= {SyncState.FAILED}
    no_two_updates_overlap(dolphin.log)
