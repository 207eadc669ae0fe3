"""What people do to a sync or a failed version: cancel, retry, resume, give up, put back."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import InvalidRequest, NotAllowed, NotFound, ProjectOff
from catalog.models import Instance
from snapshotter.cancel import cancel
from snapshotter.capture import capture
from snapshotter.choices import LiveEffect, LiveState, Status, SyncState, Trigger
from snapshotter.errors import NotCancellable, NotInAttention, ProjectRecords, StateConflict, Superseded, WorkflowLocked
from snapshotter.give_up import give_up
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.put_back import put_back
from snapshotter.resume import resume
from snapshotter.retry import may_retry, retry
from snapshotter.turn_back import MAX_RETRIES
from snapshotter.work import run_due
from tests.services.raw_dolphin import RawDolphin

EMOJI = "echo 😀"  # refused by DolphinScheduler's own database


def state() -> WorkflowState:
    return WorkflowState.objects.select_related("published").get()


def again(sync: Sync) -> Sync:
    return Sync.objects.select_related("workflow__project__instance", "workflow__state", "snapshot").get(pk=sync.pk)


def events(*names: str) -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.filter(event__in=names).order_by("pk").values_list("event", "outcome", "actor_name"))


@pytest.fixture
def queued(request_publish, make_definition) -> Sync:
    return again(request_publish(make_definition()).sync)


@pytest.fixture
def failed(run_publish, make_definition) -> Sync:
    """Version 2 of a workflow, refused by DolphinScheduler; version 1 is live again."""
    run_publish(make_definition())
    return again(run_publish(make_definition(EMOJI)))


@pytest.fixture
def in_attention(run_publish, make_definition, dolphin) -> Callable[[], Sync]:
    """DolphinScheduler went away after our first write, for longer than we wait."""

    def make() -> Sync:
        run_publish(make_definition(), online="on")
        dolphin.fault("status", method="PUT", status=503, times=1)
        sync = run_publish(make_definition("echo new"))
        dolphin.fault("status", method="GET", status=503, times=1_000)
        for _ in range(MAX_RETRIES + 2):
            _pass_time(sync)
            run_due()
        return again(sync)

    return make


def _pass_time(sync: Sync) -> None:
    past = timezone.now() - timezone.timedelta(hours=1)
    Sync.objects.filter(pk=sync.pk).exclude(due_at=None).update(due_at=past)
    sync.steps.filter(answered_at=None).update(sent_at=past)


class TestCancel:
    def test_what_is_queued_ends_and_frees_the_workflow(self, queued, publisher, dolphin, run_publish, make_definition):
        cancel(queued, actor=publisher, reason="wrong branch")
        assert queued.state == SyncState.CANCELLED
        snapshot = Snapshot.objects.get()
        assert (snapshot.status, snapshot.error_code, snapshot.live_effect) == ("failed", "cancelled", "untouched")
        assert state().lock_id is None
        assert run_due() == 0 and dolphin.log == []
        assert events("sync.cancelled") == [("sync.cancelled", "ok", "publisher")]
        assert run_publish(make_definition()).state == SyncState.SUCCEEDED

    def test_not_without_the_right(self, queued, viewer, outsider):
        with pytest.raises(NotAllowed):
            cancel(queued, actor=viewer)
        with pytest.raises(NotFound):
            cancel(queued, actor=outsider)
        assert [outcome for _, outcome, _ in events("sync.cancel_refused")] == ["refused", "refused"]
        assert again(queued).state == SyncState.QUEUED

    def test_not_once_something_was_sent_or_it_has_ended(self, failed, in_attention, publisher):
        with pytest.raises(NotCancellable):
            cancel(failed, actor=publisher)

    def test_not_while_a_worker_has_just_taken_it(self, queued, publisher):
        Sync.objects.filter(pk=queued.pk).update(state=SyncState.RUNNING, attempt=1)
        with pytest.raises(StateConflict):
            cancel(queued, actor=publisher)
        assert state().lock_id == queued.pk

    def test_what_was_resumed_and_cancelled_calls_nobody_any_more(self, queued, publisher):
        Sync.objects.filter(pk=queued.pk).update(state=SyncState.ATTENTION)
        WorkflowState.objects.update(attention="look at this")
        cancel(resume(again(queued), actor=publisher), actor=publisher)
        assert (state().attention, state().lock_id) == ("", None)

    def test_twice_is_refused(self, queued, publisher):
        cancel(queued, actor=publisher)
        with pytest.raises(NotCancellable):
            cancel(queued, actor=publisher)


class TestRetry:
    def test_the_same_version_is_published_after_all(self, run_publish, make_definition, publisher, dolphin):
        run_publish(make_definition())
        body = make_definition("echo new")
        body["definitions"]["settings"]["tenantCode"] = "etl"
        failed = run_publish(body)
        assert (failed.snapshot.status, failed.error_code) == (Status.FAILED, "preflight")
        dolphin.state.tenants.append({"id": 9, "tenantCode": "etl"})  # made meanwhile
        sync = retry(failed.snapshot, actor=publisher)
        assert Snapshot.objects.get(version=2).status == Status.DRAFT
        run_due()
        snapshot = Snapshot.objects.get(version=2)
        assert (again(sync).state, snapshot.status, snapshot.error_code) == (SyncState.SUCCEEDED, Status.PUBLISHED, "")
        assert (state().published_id, Snapshot.objects.count()) == (snapshot.pk, 2)
        assert events("publish.retried") == [("publish.retried", "ok", "publisher")]

    def test_a_newer_publish_stands_in_the_way(self, failed, run_publish, make_definition, publisher):
        run_publish(make_definition("echo newer"))
        with pytest.raises(Superseded):
            retry(failed.snapshot, actor=publisher)
        assert not may_retry(failed.snapshot, state())

    def test_a_captured_version_does_not_but_another_base_does(self, failed, publisher, project, dolphin):
        capture(failed.workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
        run_due()
        assert may_retry(failed.snapshot, state()), "an unchanged capture moves nothing"
        WorkflowState.objects.update(published=failed.snapshot)
        with pytest.raises(Superseded):
            retry(failed.snapshot, actor=publisher)

    def test_only_what_failed(self, run_publish, make_definition, publisher):
        sync = run_publish(make_definition())
        with pytest.raises(InvalidRequest):
            retry(sync.snapshot, actor=publisher)

    def test_not_twice_at_once(self, failed, publisher):
        retry(failed.snapshot, actor=publisher)
        with pytest.raises((WorkflowLocked, InvalidRequest)):
            retry(Snapshot.objects.get(version=2), actor=publisher)
        assert Sync.objects.count() == 3

    def test_not_without_the_right_nor_in_another_mode(self, failed, viewer, publisher, project):
        with pytest.raises(NotAllowed):
            retry(failed.snapshot, actor=viewer)
        for mode, error in ((Mode.RECORD, ProjectRecords), (Mode.OFF, ProjectOff)):
            type(project).objects.update(mode=mode)
            with pytest.raises(error):
                retry(Snapshot.objects.get(version=2), actor=publisher)
        assert events("publish.retry_refused") == [("publish.retry_refused", "refused", "viewer")]


class TestAttention:
    def test_a_dolphin_that_stays_away_calls_a_person_and_is_asked_again(self, in_attention, dolphin):
        sync = in_attention()
        assert (sync.state, sync.snapshot.status) == (SyncState.ATTENTION, Status.DRAFT)
        assert sync.due_at is not None and state().attention and state().lock_id == sync.pk
        assert len(events("publish.attention")) == 1
        dolphin.faults.clear()
        _pass_time(sync)
        run_due()
        sync = again(sync)
        assert (sync.state, sync.snapshot.status, state().attention) == (SyncState.SUCCEEDED, Status.PUBLISHED, "")

    def test_resumed_it_goes_on_at_once(self, in_attention, publisher, dolphin):
        sync = in_attention()
        dolphin.faults.clear()
        resume(sync, actor=publisher, reason="DS is back")
        assert run_due() == 1
        assert again(sync).state == SyncState.SUCCEEDED
        assert events("sync.resumed") == [("sync.resumed", "ok", "publisher")]

    def test_given_up_it_frees_the_workflow(self, in_attention, manager, dolphin, run_publish, make_definition):
        sync = in_attention()
        with pytest.raises(InvalidRequest):
            give_up(sync, actor=manager, reason=" ")
        give_up(sync, actor=manager, reason="put right by hand")
        snapshot = Snapshot.objects.get(version=2)
        assert (sync.state, snapshot.status, snapshot.live_effect) == ("failed", "failed", LiveEffect.UNKNOWN)
        found = state()
        assert (found.lock_id, found.attention, found.live_state) == (None, "", LiveState.CANNOT_COMPARE)
        dolphin.faults.clear()
        assert run_due() == 0
        later = run_publish(make_definition("echo later"), force_reason="known")
        assert later.state == SyncState.SUCCEEDED

    def test_who_may(self, in_attention, publisher, viewer):
        sync = in_attention()
        with pytest.raises(NotAllowed):
            resume(sync, actor=viewer)
        with pytest.raises(NotAllowed):
            give_up(sync, actor=publisher, reason="x")
        assert [event for event, _, _ in events("sync.resume_refused", "sync.give_up_refused")] == [
            "sync.resume_refused",
            "sync.give_up_refused",
        ]

    def test_nothing_to_resume(self, failed, manager):
        with pytest.raises(NotInAttention):
            resume(failed, actor=manager)
        with pytest.raises(NotInAttention):
            give_up(failed, actor=manager, reason="x")

    def test_a_refused_token_in_the_middle_waits_for_the_next_one(
        self, run_publish, make_definition, dolphin, publisher
    ):
        run_publish(make_definition(), online="on")
        dolphin.fault("unauthorized", method="PUT")
        sync = run_publish(make_definition("echo new"))
        assert (sync.state, sync.error_code) == (SyncState.ATTENTION, "dolphin_unauthorized")
        assert Instance.objects.get().paused_because
        Instance.objects.update(paused_because="")
        _pass_time(sync)
        run_due()
        assert again(sync).state == SyncState.SUCCEEDED


class TestPutBack:
    def test_the_published_version_is_live_again_and_what_stood_there_is_kept(
        self, run_publish, make_definition, dolphin, publisher
    ):
        workflow = run_publish(make_definition(), online="on").workflow
        raw = RawDolphin(dolphin.url, dolphin.token, "hadoop")
        raw.edit(workflow.project.code, workflow.workflow_code, "echo theirs")
        sync = put_back(workflow, actor=publisher, reason="not agreed")
        run_due()
        assert again(sync).state == SyncState.SUCCEEDED
        assert list(Snapshot.objects.order_by("version").values_list("version", "trigger")) == [
            (1, "api"),
            (2, "before_publish"),
        ]
        found = state()
        assert (found.published.version, found.live_state, found.lock_id) == (1, LiveState.IN_SYNC, None)
        assert Snapshot.objects.get(version=1).live_to is None
        assert events("put_back.accepted", "publish.succeeded")[-2:] == [
            ("put_back.accepted", "ok", "publisher"),
            ("publish.succeeded", "ok", "publisher"),
        ]

    def test_refusals(self, queued, run_publish, make_definition, publisher, viewer):
        workflow = queued.workflow
        with pytest.raises(InvalidRequest):
            put_back(workflow, actor=publisher, reason="")
        with pytest.raises(NotAllowed):
            put_back(workflow, actor=viewer, reason="x")
        with pytest.raises(NotFound):
            put_back(workflow, actor=publisher, reason="x")
        run_due()
        put_back(workflow, actor=publisher, reason="x")
        with pytest.raises(WorkflowLocked):
            put_back(workflow, actor=publisher, reason="x")
