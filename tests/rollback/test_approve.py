"""Approving, rejecting, cancelling, expiring: who may decide, on what, and what makes it void."""

from datetime import timedelta

import pytest
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed
from catalog.permissions import APPROVE_ROLLBACK, VIEW
from rollback.approve import approve
from rollback.cancel import cancel
from rollback.choices import State
from rollback.errors import AlreadyDecided, NotAnApprover, NotApproved, OwnRequest, RequestClosed, Voided
from rollback.execute import execute
from rollback.models import RollbackRequest
from rollback.reject import reject
from rollback.standing import standing
from rollback.void import void_due
from snapshotter.gates.quarantine import quarantine
from snapshotter.work import run_due
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin


@pytest.fixture
def pending(ask, rules):
    rules(approvals_needed=1)
    return ask(1)


def refusals():
    return AuditEntry.objects.filter(event="rollback.decision_refused", outcome="refused").count()


def test_the_last_approval_needed_approves(ask, rules, approver, second_approver, oncall):
    rules(approvals_needed=2)
    request = ask(1)
    approve(request, actor=approver, comment="looks right")
    assert (request.state, standing(request).missing) == (State.PENDING, 1)
    approve(request, actor=second_approver)
    assert request.state == State.APPROVED
    execute(request, actor=oncall)
    run_due()
    assert again(request).state == State.DONE
    entry = AuditEntry.objects.get(event="rollback.executed")
    assert entry.additional_data["approved_by"] == ["approver", "second"]


def test_nobody_approves_twice(pending, ask, rules, approver):
    rules(approvals_needed=2)
    approve(pending, actor=approver)
    with pytest.raises(AlreadyDecided):
        approve(again(pending), actor=approver)
    assert pending.approvals.count() == 1


def test_nobody_approves_their_own(pending, oncall, project):
    assign_perm(APPROVE_ROLLBACK, oncall, project)
    with pytest.raises(OwnRequest):
        approve(pending, actor=oncall)
    assert (refusals(), again(pending).state) == (1, State.PENDING)


def test_it_needs_the_right_on_the_project(pending, viewer):
    with pytest.raises(NotAllowed):
        approve(pending, actor=viewer)
    assert refusals() == 1


def test_the_rules_may_ask_for_a_group(pending, rules, approver):
    from django.contrib.auth.models import Group

    group = Group.objects.create(name="warehouse leads")
    rules(approvals_needed=1, approver_groups=["warehouse leads"])
    with pytest.raises(NotAnApprover):
        approve(pending, actor=approver)
    assert refusals() == 1
    approver.groups.add(group)
    approve(pending, actor=approver)
    assert pending.state == State.APPROVED


def test_stricter_rules_count_at_once(pending, rules, approver, oncall):
    approve(pending, actor=approver)
    rules(approvals_needed=2)
    with pytest.raises(NotApproved):
        execute(again(pending), actor=oncall)


def test_looser_rules_do_not_help_what_is_open(ask, rules, approver, oncall):
    rules(approvals_needed=2)
    request = ask(1)
    approve(request, actor=approver)
    rules(approvals_needed=0)
    with pytest.raises(NotApproved):
        execute(again(request), actor=oncall)


def test_an_approval_is_for_what_was_seen(pending, approver):
    with pytest.raises(RequestClosed):
        approve(pending, actor=approver, bound_hash="0" * 64)


def test_an_edit_voids_it_when_somebody_approves(pending, approver, history, dolphin):
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    with pytest.raises(Voided) as caught:
        approve(pending, actor=approver)
    assert caught.value.extra["moved"] == "live_moved"
    assert again(pending).state == State.VOIDED
    assert not pending.approvals.exists()


def test_a_rejection_needs_a_comment_and_closes(pending, approver, ask):
    with pytest.raises(InvalidRequest):
        reject(pending, actor=approver, comment=" ")
    reject(pending, actor=approver, comment="v1 drops a column")
    assert (pending.state, pending.closed_text, pending.is_open) == (State.REJECTED, "v1 drops a column", False)
    with pytest.raises(RequestClosed):
        approve(again(pending), actor=approver)
    assert ask(2).state == State.PENDING


def test_the_requester_takes_it_back(pending, oncall, viewer):
    with pytest.raises(NotAllowed):
        cancel(pending, actor=viewer)
    cancel(pending, actor=oncall, reason="found another way")
    assert pending.state == State.CANCELLED


class TestVoid:
    """What the sweep finds without asking DolphinScheduler."""

    def swept(self, request):
        void_due()
        return again(request).state, again(request).closed_code

    def test_time(self, pending):
        RollbackRequest.objects.filter(pk=pending.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert self.swept(pending) == (State.EXPIRED, "expired")
        assert AuditEntry.objects.filter(event="rollback.expired").count() == 1

    def test_another_publish(self, pending, history, project, publisher, make_definition):
        from snapshotter.choices import Trigger
        from snapshotter.make_snapshot import Origin
        from snapshotter.publish import PublishRequest, publish

        body = {**make_definition("echo four", name="orders daily"), "schedule": None}
        publish(
            PublishRequest(workflow_key="orders", definition=body, origin=Origin(trigger=Trigger.API)), actor=publisher
        )
        run_due()
        assert self.swept(pending) == (State.VOIDED, "published_moved")

    def test_quarantine(self, pending, history, manager):
        quarantine(history.version(1), reason="bad", actor=manager)
        assert self.swept(pending) == (State.VOIDED, "quarantined")

    def test_an_approver_who_lost_the_right(self, pending, approver, project):
        approve(pending, actor=approver)
        remove_perm(APPROVE_ROLLBACK, approver, project)
        assert self.swept(pending) == (State.VOIDED, "approver_lost_right")

    def test_an_approver_who_left(self, pending, approver):
        approve(pending, actor=approver)
        approver.is_active = False
        approver.save()
        assert self.swept(pending) == (State.VOIDED, "approver_lost_right")

    def test_what_stands_is_left_alone(self, pending):
        assert void_due() == 0
        assert again(pending).state == State.PENDING


def test_a_right_held_globally_counts(pending, outsider):
    assign_perm(VIEW, outsider)
    assign_perm(APPROVE_ROLLBACK, outsider)
    approve(pending, actor=type(outsider).objects.get(pk=outsider.pk))
    assert pending.state == State.APPROVED
