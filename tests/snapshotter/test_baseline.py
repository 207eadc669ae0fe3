"""Baseline of one workflow: what was read becomes a version, once, in one transaction, and never over a change of ours."""

import pytest

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import NotAllowed, NotFound, ProjectOff
from catalog.models import Workflow
from dolphin.client import DolphinClient
from dolphin.observe import observe
from snapshotter.baseline import glance, keep
from snapshotter.capture import capture
from snapshotter.choices import SyncState, Trigger
from snapshotter.errors import StateConflict, WorkflowLocked
from snapshotter.failures import SyncFailed
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.work import run_due
from tests.services.raw_dolphin import RawDolphin


@pytest.fixture
def raw(dolphin):
    return RawDolphin(dolphin.url, dolphin.token)


@pytest.fixture
def code(raw, dolphin):
    tasks = raw.task_codes(dolphin.project, 2)
    return raw.create(dolphin.project, raw.form("daily", dict(zip(tasks, ("echo a", "echo b"), strict=True))))


@pytest.fixture
def take(project, publisher, dolphin):
    def go(code, *, actor=publisher, since=None, live=None):
        since = since or glance(code)
        if live is None:
            with DolphinClient(dolphin.url, dolphin.token) as client:
                live = observe(client, project.code, code)
        return keep(project, workflow_code=code, name="daily", live=live, since=since, actor=actor)

    return go


def test_what_was_read_is_published_with_its_journal(take, code, publisher):
    snapshot, created = take(code)
    assert (created, snapshot.version, snapshot.trigger, snapshot.created_by) == (True, 1, Trigger.BASELINE, publisher)
    state = WorkflowState.objects.get()
    assert (state.published, state.lock, state.live_state) == (snapshot, None, "in_sync")
    sync = Sync.objects.get()
    assert (sync.state, [step.action for step in sync.steps.all()]) == (SyncState.SUCCEEDED, ["read"])
    assert AuditEntry.objects.filter(event="capture.succeeded").count() == 1


def test_unchanged_leaves_no_row(take, code):
    first, _ = take(code)
    rows = Sync.objects.count(), AuditEntry.objects.count()
    assert take(code) == (first, False)
    assert (Sync.objects.count(), AuditEntry.objects.count()) == rows


def test_refused_without_the_right_and_in_mode_off(take, code, viewer, outsider, project):
    with pytest.raises(NotAllowed):
        take(code, actor=viewer)
    with pytest.raises(NotFound):
        take(code, actor=outsider)
    assert AuditEntry.objects.filter(event="baseline.refused").count() == 2
    project.mode = Mode.OFF
    project.save()
    with pytest.raises(ProjectOff):
        take(code)
    assert not Workflow.objects.exists()


def test_a_running_change_is_not_disturbed(take, code, publisher):
    take(code)
    capture(Workflow.objects.get(), origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
    with pytest.raises(WorkflowLocked):
        take(code)


def test_a_reading_that_a_change_overtook_is_thrown_away(take, code, publisher):
    take(code)
    since = glance(code)
    capture(Workflow.objects.get(), origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
    run_due()
    with pytest.raises(StateConflict):
        take(code, since=since)
    assert Snapshot.objects.count() == 1


def test_a_spoilt_workflow_is_named_and_governed_but_not_captured(take, code, dolphin):
    rows = dolphin.state.task_log
    first = next(iter(rows))
    rows[first].append(dict(rows[first][0]))
    with pytest.raises(SyncFailed) as caught:
        take(code)
    assert caught.value.code == "corrupt"
    assert (Workflow.objects.count(), Snapshot.objects.count(), Sync.objects.count()) == (1, 0, 0)
