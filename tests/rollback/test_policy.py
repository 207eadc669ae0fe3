"""The automatic rules: what they let pass, what not, and for how long."""

import pytest
from guardian.shortcuts import assign_perm

from catalog.permissions import EXECUTE_ROLLBACK, REQUEST_ROLLBACK
from rollback.choices import Rule, State
from rollback.choices_of import Choices
from rollback.errors import NotApproved
from rollback.execute import execute
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.models import Snapshot
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin

AWAKE = ("goes_online", "schedule_on", "goes_offline", "schedule_off", "overwrites_edit")


@pytest.fixture
def author(publisher, project):
    for right in (REQUEST_ROLLBACK, EXECUTE_ROLLBACK):
        assign_perm(right, publisher, project)
    return publisher


@pytest.fixture
def back(ask, author):
    """The author goes back to what was live before."""
    return lambda **more: ask(2, actor=author, acknowledged=AWAKE, **more)


def test_an_author_only_takes_back(back, rules, oncall):
    from rollback.cancel import cancel

    rules(approvals_needed=1, same_author_minutes=30)
    for choices in (
        Choices(online=Online.OFF),
        Choices(online=Online.ON),
        Choices(schedule=ScheduleChoice.OFF),
        Choices(schedule=ScheduleChoice.FROM_DEFINITION),
        Choices(schedule_state=Online.OFF),
        Choices(with_name=True),
    ):
        request = back(choices=choices)
        assert (request.state, request.rule) == (State.PENDING, Rule.NONE), choices
        cancel(request, actor=oncall)
    assert back(choices=Choices(with_layout=False)).rule == Rule.SAME_AUTHOR


def test_who_captured_an_edit_is_not_its_author(back, rules, history):
    rules(approvals_needed=1, same_author_minutes=30)
    Snapshot.objects.filter(pk=history.version(3).pk).update(trigger=Trigger.CAPTURE)
    assert back().rule == Rule.NONE


def test_an_edit_of_the_schedule_is_an_edit(back, rules, dolphin):
    rules(approvals_needed=1, same_author_minutes=30)
    dolphin.state.schedules[0]["crontab"] = "0 0 5 * * ? *"
    assert back().rule == Rule.NONE


def test_no_rule_wakes_what_somebody_has_stopped(ask, rules, history, dolphin, author):
    rules(approvals_needed=1, same_author_minutes=30, harmless_passes=True)
    Snapshot.objects.filter(pk=history.version(2).pk).update(
        content_hash=history.version(3).content_hash, layout=history.version(1).layout
    )
    RawDolphin(dolphin.url, dolphin.token).release(dolphin.project, history.code, "OFFLINE")
    request = ask(2, actor=author, acknowledged=AWAKE, choices=Choices(schedule=ScheduleChoice.FROM_DEFINITION))
    assert (request.state, request.rule) == (State.PENDING, Rule.NONE)
    assert {"goes_online", "schedule_on"} <= {row["code"] for row in request.findings}


@pytest.mark.parametrize("change", [{"same_author_minutes": 0}, {"same_author_minutes": 0, "approvals_needed": 3}])
def test_a_rule_stands_only_while_the_project_has_it(back, rules, author, change):
    rules(approvals_needed=1, same_author_minutes=30)
    request = back()
    assert request.state == State.APPROVED
    rules(**{"approvals_needed": 1, **change})
    with pytest.raises(NotApproved):
        execute(again(request), actor=author)
