"""Executing a rollback: an earlier version is published again, and DolphinScheduler is proven to hold it."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.errors import NotAllowed
from rollback.choices import State
from rollback.errors import AlreadyRequested, NotApproved, RequestClosed, Voided
from rollback.execute import break_glass, execute
from rollback.models import RollbackRequest
from snapshotter.accepting import accept
from snapshotter.choices import Online, ScheduleChoice, Status, Trigger
from snapshotter.errors import RetryThroughRequest, WorkflowLocked
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.retry import retry
from snapshotter.work import run_due
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin

pytestmark = pytest.mark.database


def live(dolphin, code):
    return RawDolphin(dolphin.url, dolphin.token).definition(dolphin.project, code)


def script(dolphin, code):
    return next(
        row["taskParams"]["rawScript"]
        for row in live(dolphin, code)["taskDefinitionList"]
        if "b" not in row["taskParams"]["rawScript"].split()[-1:]
        and row["taskParams"]["rawScript"] not in ("echo b", "echo c")
    )


def wake(raw, dolphin, history):
    """Put the schedule on again, which DolphinScheduler takes off with the workflow at every edit."""
    for row in raw.schedules(dolphin.project, history.code):
        raw.data("POST", f"/projects/{dolphin.project}/schedules/{row['id']}/online")


def test_it_publishes_the_earlier_content_as_a_new_version(roll_back, history, dolphin):
    request = roll_back(1)
    assert request.state == State.DONE, request.closed_text
    new = request.sync.snapshot
    assert (new.version, new.status, new.trigger, new.rollback_of_id) == (
        4,
        Status.PUBLISHED,
        Trigger.ROLLBACK,
        history.version(1).pk,
    )
    assert new.content_hash == history.version(1).content_hash
    assert script(dolphin, history.code) == "echo one"
    state = WorkflowState.objects.get(workflow=history.workflow)
    assert (state.published_id, state.lock_id, state.expected_online) == (new.pk, None, True)


def test_there_and_back_again(roll_back, history, dolphin):
    for version, text in ((1, "echo one"), (3, "echo three"), (2, "echo two"), (4, "echo one")):
        assert roll_back(version).state == State.DONE
        assert script(dolphin, history.code) == text
    assert Snapshot.objects.get(version=7, workflow=history.workflow).rollback_of.version == 4


def test_states_are_kept_or_set_as_chosen(roll_back, history):
    from rollback.choices_of import Choices

    state = WorkflowState.objects.filter(workflow=history.workflow)
    roll_back(1)
    assert state.values_list("expected_online", "expected_schedule_online").get() == (True, True)
    roll_back(2, choices=Choices(schedule=ScheduleChoice.OFF), acknowledged=("schedule_off",))
    assert state.values_list("expected_online", "expected_schedule_online").get() == (True, False)
    roll_back(1, choices=Choices(schedule=ScheduleChoice.FROM_DEFINITION, schedule_state=Online.ON))
    assert state.values_list("expected_online", "expected_schedule_online").get() == (True, True)
    roll_back(2, choices=Choices(online=Online.OFF), acknowledged=("goes_offline", "schedule_off"))
    assert state.values_list("expected_online", "expected_schedule_online").get() == (False, False)


def test_it_needs_the_right_and_leaves_the_refusal(ask, requester):
    request = ask(1, actor=requester)
    with pytest.raises(NotAllowed):
        execute(request, actor=requester)
    assert AuditEntry.objects.filter(event="rollback.execute_refused", outcome="refused").count() == 1
    assert again(request).state == State.APPROVED


def test_it_needs_the_approvals(ask, rules, oncall):
    rules(approvals_needed=1)
    request = ask(1)
    assert request.state == State.PENDING
    with pytest.raises(NotApproved):
        execute(request, actor=oncall)


def test_it_is_executed_once(ask, oncall, history):
    request, stale = ask(1), None
    stale = again(request)
    execute(request, actor=oncall)
    with pytest.raises((RequestClosed, WorkflowLocked)):
        execute(stale, actor=oncall)
    with pytest.raises(RequestClosed):
        execute(again(request), actor=oncall)
    assert Snapshot.objects.filter(workflow=history.workflow).count() == 4


def test_what_was_edited_after_the_request_voids_it(ask, oncall, history, dolphin):
    request = ask(1)
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    with pytest.raises(Voided):
        execute(request, actor=oncall)
    assert (again(request).state, again(request).closed_code) == (State.VOIDED, "live_moved")


def test_what_moves_between_the_look_and_the_lock_closes_it(ask, oncall, history, monkeypatch):
    """Its time ends after DolphinScheduler was read: closed there and then, with what moved, not left for the sweep."""
    request = ask(1)
    RollbackRequest.objects.filter(pk=request.pk).update(expires_at=timezone.now() + timedelta(seconds=1))
    wait = (again(request).expires_at - timezone.now()).total_seconds

    def late(work):
        time.sleep(max(0.0, wait()) + 0.01)
        return accept(work)

    monkeypatch.setattr("rollback.execute.accept", late)
    with pytest.raises(Voided) as refused:
        execute(again(request), actor=oncall)
    assert refused.value.extra["moved"] == "expired"
    assert again(request).state == State.EXPIRED
    assert Snapshot.objects.filter(workflow=history.workflow).count() == 3


def test_what_is_edited_after_it_was_queued_fails_untouched(ask, oncall, history, dolphin):
    request = ask(1)
    execute(request, actor=oncall)
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    run_due()
    request = again(request)
    assert (request.state, request.closed_code) == (State.FAILED, "live_moved")
    assert script(dolphin, history.code) == "echo theirs"


def test_a_failed_one_is_executed_again_through_its_request(ask, oncall, history, dolphin, publisher):
    raw = RawDolphin(dolphin.url, dolphin.token)
    request = ask(1)
    execute(request, actor=oncall)
    raw.edit(dolphin.project, history.code, "echo theirs")
    run_due()
    request = again(request)
    failed = request.sync.snapshot
    assert (request.state, failed.status) == (State.FAILED, Status.FAILED)
    with pytest.raises(RetryThroughRequest):
        retry(failed, actor=publisher)
    raw.edit(dolphin.project, history.code, "echo three")
    wake(raw, dolphin, history)  # what was agreed to be overwritten is there again
    execute(request, actor=oncall)
    run_due()
    assert again(request).state == State.DONE, again(request).closed_text
    assert script(dolphin, history.code) == "echo one"


def test_a_failed_one_leaves_room_for_another_request(ask, oncall, history, dolphin, requester):
    request = ask(1)
    execute(request, actor=oncall)
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    run_due()
    other = ask(2, actor=requester, acknowledged=("overwrites_edit", "schedule_on"))
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo three")
    wake(RawDolphin(dolphin.url, dolphin.token), dolphin, history)
    with pytest.raises(AlreadyRequested):
        execute(again(request), actor=oncall)
    assert other.state == State.APPROVED


def test_breaking_the_glass_opens_a_review(ask, rules, breaker, history, dolphin):
    rules(approvals_needed=2, review_hours=5)
    request = ask(1, actor=breaker)
    break_glass(request, actor=breaker, reason="the night run begins in ten minutes")
    run_due()
    request = again(request)
    assert (request.state, request.is_break_glass, request.needs_review) == (State.DONE, True, True)
    assert request.review_due_at is not None
    entry = AuditEntry.objects.get(event="rollback.glass_broken")
    assert "ten minutes" in entry.reason
    assert RollbackRequest.objects.to_review().get() == request


def test_a_refusal_hangs_on_the_request_and_one_by_the_lock_is_a_row(ask, oncall, requester, history):
    request = ask(1, actor=oncall)
    with pytest.raises(NotAllowed):
        execute(request, actor=requester)
    WorkflowState.objects.filter(workflow=history.workflow).update(lock=Sync.objects.latest("pk"))
    with pytest.raises(WorkflowLocked):
        execute(again(request), actor=oncall)
    rows = AuditEntry.objects.filter(event="rollback.execute_refused", object_pk=str(request.pk)).order_by("id")
    assert [row.scope for row in rows] == [request.project.scope] * 2
    assert {row.content_type.model for row in rows} == {"rollbackrequest"}
    assert rows[1].reason.startswith("workflow_locked")
    assert again(request).state == State.APPROVED
