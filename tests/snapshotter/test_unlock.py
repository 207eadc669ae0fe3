"""Freeing a workflow: what the holder has done decides how it ends; never while a write may be on its way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed, NotFound
from catalog.models import Workflow
from catalog.say import say
from snapshotter.choices import LiveEffect, Status, SyncState
from snapshotter.claim import LeaseLost, claim, renew
from snapshotter.drafts.confirm import confirm
from snapshotter.errors import NotLocked, StateConflict, StillAtWork, WorkflowLocked
from snapshotter.holder import Holder, holder_of
from snapshotter.models import Snapshot, Sync, SyncStep, WorkflowState
from snapshotter.unlock import unlock
from snapshotter.work import run_due

LONG_AGO = timedelta(hours=1)


def events() -> list[tuple[str, str, str]]:
    names = ["lock.freed", "lock.refused", "sync.cancelled", "sync.given_up", "confirm.unconfirmed"]
    return list(AuditEntry.objects.filter(event__in=names).order_by("pk").values_list("event", "outcome", "actor_name"))


def holder() -> Holder:
    found = holder_of(WorkflowState.objects.get())
    assert found is not None
    return found


def wrote(sync: Sync, *, answered: bool, ago: timedelta = LONG_AGO) -> None:
    sent = timezone.now() - ago
    end = {"answered_at": sent, "outcome": "ok"} if answered else {}
    SyncStep.objects.create(
        sync=sync, number=50, direction="forward", action="write", is_write=True, sent_at=sent, **end
    )


@pytest.fixture
def queued(request_publish, make_definition) -> Sync:
    sync = request_publish(make_definition()).sync
    assert sync is not None
    return sync


@pytest.fixture
def workflow(queued) -> Workflow:
    return Workflow.objects.select_related("project__instance").get()


@pytest.fixture
def at_work(queued) -> Callable[..., Sync]:
    """A worker has claimed it, and lives or has died."""

    def make(*, alive: bool) -> Sync:
        sync = claim(queued.pk)
        assert sync is not None
        if not alive:
            Sync.objects.filter(pk=sync.pk).update(lease_until=timezone.now() - LONG_AGO)
        return sync

    return make


def test_what_is_queued_is_called_off(workflow, manager, run_publish, make_definition):
    sync = unlock(workflow, actor=manager, reason="left over")
    assert sync is not None and sync.state == SyncState.CANCELLED
    snapshot = Snapshot.objects.get()
    assert (snapshot.status, snapshot.live_effect) == (Status.FAILED, LiveEffect.UNTOUCHED)
    assert events() == [("sync.cancelled", "ok", "manager"), ("lock.freed", "ok", "manager")]
    row = AuditEntry.objects.get(event="lock.freed")
    assert (row.reason, row.target, row.scope) == ("left over", "orders", workflow.project.scope)
    assert row.additional_data["was"] == "queued" and row.additional_data["sync"] == sync.pk
    assert run_publish(make_definition()).state == SyncState.SUCCEEDED


def test_not_without_managing_this_project(workflow, publisher, outsider):
    with pytest.raises(NotAllowed):
        unlock(workflow, actor=publisher, reason="mine")
    with pytest.raises(NotFound):
        unlock(workflow, actor=outsider, reason="mine")
    assert [(event, outcome) for event, outcome, _ in events()] == [("lock.refused", "refused")] * 2
    assert holder().stands == "queued"


def test_not_without_a_reason_and_not_twice(workflow, manager):
    with pytest.raises(InvalidRequest):
        unlock(workflow, actor=manager, reason="  ")
    unlock(workflow, actor=manager, reason="left over, password=hunter22")
    with pytest.raises(NotLocked):
        unlock(workflow, actor=manager, reason="again")
    assert AuditEntry.objects.get(event="lock.freed").reason == "left over, password=******"


def test_not_while_a_worker_is_alive(workflow, manager, at_work):
    sync = at_work(alive=True)
    with pytest.raises(StillAtWork) as refused:
        unlock(workflow, actor=manager, reason="too slow")
    assert refused.value.extra == {"sync": sync.pk, "until": sync.lease_until.isoformat()}
    assert events() == [("lock.refused", "refused", "manager")]
    assert holder().stands == "at_work" and holder().is_alive
    renew(sync)  # the worker has noticed nothing


def test_a_dead_worker_that_had_sent_nothing_leaves_nothing_behind(workflow, manager, at_work):
    sync = at_work(alive=False)
    assert holder().stands == "orphaned"
    ended = unlock(workflow, actor=manager, reason="its host is gone")
    assert ended is not None and ended.state == SyncState.CANCELLED
    assert Snapshot.objects.get().live_effect == LiveEffect.UNTOUCHED
    with pytest.raises(LeaseLost):  # it comes back after all
        renew(sync)


def test_a_dead_worker_that_had_written_is_given_up(workflow, manager, at_work):
    sync = at_work(alive=False)
    wrote(sync, answered=True)
    ended = unlock(workflow, actor=manager, reason="its host is gone")
    assert ended is not None and (ended.state, ended.error_code) == (SyncState.FAILED, "freed")
    assert Snapshot.objects.get().live_effect == LiveEffect.UNKNOWN
    assert [event for event, _, _ in events()] == ["sync.given_up", "lock.freed"]
    assert WorkflowState.objects.get().live_state == "cannot_compare"
    with pytest.raises(LeaseLost):
        renew(sync)


def test_not_while_a_write_without_an_answer_may_be_at_work(workflow, manager, at_work, settings):
    sync = at_work(alive=False)
    wrote(sync, answered=False, ago=timedelta(seconds=1))
    with pytest.raises(StillAtWork):
        unlock(workflow, actor=manager, reason="its host is gone")
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "WRITE_SETTLE": 0.5}
    unlock(workflow, actor=manager, reason="its host is gone")
    assert WorkflowState.objects.get().lock_id is None


def test_what_waits_half_done_goes_on_by_itself_unless_nobody_comes(workflow, manager, queued):
    Sync.objects.filter(pk=queued.pk).update(state=SyncState.WAITING, due_at=timezone.now() + LONG_AGO, attempt=1)
    wrote(queued, answered=True)
    with pytest.raises(StillAtWork):
        unlock(workflow, actor=manager, reason="stuck")
    Sync.objects.filter(pk=queued.pk).update(due_at=timezone.now() - LONG_AGO)
    ended = unlock(workflow, actor=manager, reason="stuck")
    assert ended is not None and ended.state == SyncState.FAILED


def test_what_waits_and_has_sent_nothing_is_called_off(workflow, manager, queued):
    Sync.objects.filter(pk=queued.pk).update(state=SyncState.WAITING, due_at=timezone.now() + LONG_AGO, attempt=1)
    ended = unlock(workflow, actor=manager, reason="it waits for a fire")
    assert ended is not None and ended.state == SyncState.CANCELLED


def test_what_needs_attention_is_given_up(workflow, manager, queued):
    Sync.objects.filter(pk=queued.pk).update(state=SyncState.ATTENTION, error_code="not_equal")
    ended = unlock(workflow, actor=manager, reason="put right by hand")
    assert ended is not None and (ended.state, ended.error_code) == (SyncState.FAILED, "not_equal")
    assert [event for event, _, _ in events()] == ["sync.given_up", "lock.freed"]


def test_a_draft_ends_unconfirmed_and_is_heard_of_later(open_draft, make_definition, manager, publisher):
    open_draft(make_definition())
    workflow = Workflow.objects.select_related("project__instance").get()
    assert holder().stands == "for_platform"
    unlock(workflow, actor=manager, reason="the platform crashed")
    snapshot = Snapshot.objects.select_related("project", "workflow__project").get()
    assert (snapshot.status, snapshot.error_code) == (Status.UNCONFIRMED, "unconfirmed")
    assert [event for event, _, _ in events()] == ["confirm.unconfirmed", "lock.freed"]
    again = confirm(snapshot, workflow_code=77, actor=publisher)
    assert again.sync is not None and not again.sync.is_finished


def test_a_holder_that_has_ended_lets_go(workflow, manager, queued):
    Sync.objects.filter(pk=queued.pk).update(state=SyncState.SUCCEEDED)
    assert holder().stands == "ended"
    unlock(workflow, actor=manager, reason="odd")
    assert WorkflowState.objects.get().lock_id is None
    assert Sync.objects.get().state == SyncState.SUCCEEDED
    assert events() == [("lock.freed", "ok", "manager")]


def test_a_holder_whose_row_is_gone_lets_go(workflow, manager):
    with connection.constraint_checks_disabled():
        WorkflowState.objects.update(lock_id=987_654)
    assert holder_of(WorkflowState.objects.get()) is None
    assert unlock(workflow, actor=manager, reason="odd") is None
    assert WorkflowState.objects.get().lock_id is None
    assert AuditEntry.objects.get(event="lock.freed").additional_data["was"] == "missing"


def test_a_worker_that_claims_at_the_same_moment_wins_or_is_told(workflow, manager, queued, monkeypatch):
    """Between the look and the act; with real connections in tests/flows."""
    seen = holder()
    assert claim(queued.pk) is not None
    monkeypatch.setattr("snapshotter.unlock.holder_of", lambda state: seen)
    with pytest.raises(StateConflict):
        unlock(workflow, actor=manager, reason="left over")
    assert holder().stands == "at_work" and events() == []


def test_a_dead_holder_is_taken_over_without_anybody(workflow, at_work, request_publish, make_definition):
    at_work(alive=False)
    assert run_due() == 1
    assert Sync.objects.get().state == SyncState.SUCCEEDED
    assert holder_of(WorkflowState.objects.get()) is None
    assert request_publish(make_definition("echo next")).sync is not None


def test_a_refused_caller_is_told_who_since_when_and_what_to_do(queued, request_publish, make_definition):
    with pytest.raises(WorkflowLocked) as refused:
        request_publish(make_definition("echo next"))
    state = WorkflowState.objects.get()
    assert refused.value.extra == {
        "workflow": "orders",
        "holder": "publisher",
        "sync": queued.pk,
        "since": state.locked_at.isoformat(),
    }
    said = str(refused.value)
    assert said.startswith("publisher holds this workflow since 20") and f"publish, number {queued.pk}" in said
    with translation.override("zh-hans"):
        assert say(said).startswith("publisher 自 20") and "发布" in say(said)
