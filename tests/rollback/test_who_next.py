"""Whom a request waits for, by name."""

from django.contrib.auth.models import Group

from catalog.permissions import APPROVE_ROLLBACK, REQUEST_ROLLBACK, VIEW
from rollback.approve import approve
from rollback.policy import policy_of
from rollback.standing import standing
from rollback.who_next import NAMED, who_next
from tests.conftest import _person as person
from tests.rollback.conftest import again


def waits_for(request):
    request = again(request)
    return who_next(request, standing(request), policy_of(request.project))


def test_first_who_may_approve_then_who_executes(ask, rules, oncall, approver, second_approver, viewer, root):
    rules(approvals_needed=1)
    request = ask(1)
    found = waits_for(request)
    assert (found.act, found.names, found.more) == ("approve", ("approver", "second", root.username), False)
    approve(request, actor=approver, bound_hash=request.bound_hash)
    found = waits_for(request)
    assert (found.act, found.names) == ("execute", ("oncall", root.username))


def test_groups_of_the_rules_narrow_it_and_nobody_is_said(ask, rules, approver, second_approver):
    rules(approvals_needed=1, approver_groups=["leads"])
    request = ask(1)
    assert waits_for(request).names == ()
    second_approver.groups.add(Group.objects.create(name="leads"))
    assert waits_for(request).names == ("second",)


def test_who_has_spoken_and_the_requester_are_not_named(ask, rules, project, approver, second_approver):
    rules(approvals_needed=2)
    both = person("both", project, VIEW, REQUEST_ROLLBACK, APPROVE_ROLLBACK)
    request = ask(1, actor=both)
    approve(request, actor=approver, bound_hash=request.bound_hash)
    assert waits_for(request).names == ("second",)


def test_a_few_names_are_enough(ask, rules, project, django_assert_max_num_queries):
    rules(approvals_needed=1)
    request = again(ask(1))
    for number in range(NAMED + 3):
        person(f"lead{number}", project, VIEW, APPROVE_ROLLBACK)
    stand, policy = standing(request), policy_of(request.project)
    with django_assert_max_num_queries(4):
        found = who_next(request, stand, policy)
    assert len(found.names) == NAMED and found.more
