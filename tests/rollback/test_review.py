"""Reviewing a broken glass: by who took no part, once, and for good."""

import pytest
from django.contrib.auth.models import Group
from guardian.shortcuts import assign_perm

from catalog.permissions import APPROVE_ROLLBACK, BREAK_GLASS, EXECUTE_ROLLBACK, VIEW
from rollback.approve import approve
from rollback.choices import State, Verdict
from rollback.errors import NotAnApprover, OwnRequest, RequestClosed
from rollback.execute import break_glass, execute
from rollback.models import RollbackRequest
from rollback.review import review
from snapshotter.cancel import cancel as cancel_sync
from snapshotter.work import run_due
from tests.conftest import _person as person
from tests.rollback.conftest import again


@pytest.fixture
def broken(ask, rules, breaker):
    rules(approvals_needed=2)
    request = ask(1, actor=breaker)
    break_glass(request, actor=breaker, reason="runs begin in five minutes")
    run_due()
    return again(request)


def test_it_is_reviewed_once(broken, approver, second_approver):
    review(broken, actor=approver, verdict=Verdict.WRONG, text="v3 was right")
    assert (broken.verdict, broken.needs_review) == (Verdict.WRONG, False)
    with pytest.raises(RequestClosed):
        break_glass(broken, actor=second_approver_with_glass(second_approver, broken), reason="again")


def second_approver_with_glass(user, request):
    assign_perm(BREAK_GLASS, user, request.project)
    return type(user).objects.get(pk=user.pk)


def test_nobody_who_took_part_at_any_attempt_reviews(ask, rules, breaker, approver, project):
    rules(approvals_needed=2)
    first = person("first", project, VIEW, BREAK_GLASS, APPROVE_ROLLBACK, EXECUTE_ROLLBACK)
    request = ask(1, actor=breaker)
    approve(request, actor=approver)
    break_glass(again(request), actor=first, reason="now")
    assign_perm("catalog.publish_project", first, project)
    cancel_sync(again(request).sync, actor=type(first).objects.get(pk=first.pk))
    break_glass(again(request), actor=breaker, reason="again")
    run_due()
    done = again(request)
    assert (done.state, done.took_part) == (State.DONE, ["first", "breaker"])
    for actor in (breaker, first, approver):
        with pytest.raises(OwnRequest):
            review(done, actor=grant(actor, project), verdict=Verdict.RIGHT, text="fine")


def grant(user, project):
    assign_perm(APPROVE_ROLLBACK, user, project)
    return type(user).objects.get(pk=user.pk)


def test_the_groups_of_the_rules_review_too(broken, rules, approver):
    Group.objects.create(name="leads")
    rules(approvals_needed=2, approver_groups=["leads"])
    with pytest.raises(NotAnApprover):
        review(broken, actor=approver, verdict=Verdict.RIGHT, text="fine")


def test_groups_that_become_looser_do_not_help_what_is_open(ask, rules, approver, oncall):
    Group.objects.create(name="leads")
    rules(approvals_needed=1, approver_groups=["leads"])
    request = ask(1)
    rules(approvals_needed=1, approver_groups=[])
    with pytest.raises(NotAnApprover):
        approve(request, actor=approver)
    assert RollbackRequest.objects.get().approver_groups == ["leads"]


def test_rights_lost_while_dolphinscheduler_is_asked_count(ask, rules, approver, oncall, monkeypatch):
    from rollback import execute as executing
    from rollback.errors import NotApproved

    rules(approvals_needed=1)
    request = ask(1)
    approve(request, actor=approver)
    monkeypatch.setattr(executing, "_check_target", lambda *_: rules(approvals_needed=3))
    with pytest.raises(NotApproved):
        execute(again(request), actor=oncall)
