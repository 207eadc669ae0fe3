"""Putting the published version back as a request: the act's own right, the project's rules, its binding, and no new version."""

import pytest
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed
from catalog.permissions import PUT_BACK, REQUEST_ROLLBACK, VIEW
from rollback.approve import approve
from rollback.cancel import cancel
from rollback.choices import Act, State
from rollback.choices_of import AS_PUBLISHED, Choices
from rollback.errors import NotAcknowledged, NotApproved, NothingToDo, TargetRefused, Voided
from rollback.execute import execute
from rollback.models import RollbackRequest
from snapshotter.models import Snapshot
from snapshotter.put_back import put_back
from snapshotter.work import run_due
from tests.conftest import _person as person
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin


@pytest.fixture
def keeper(project):
    """May put back, and nothing else of a rollback."""
    return person("keeper", project, VIEW, PUT_BACK)


@pytest.fixture
def raw(dolphin):
    return RawDolphin(dolphin.url, dolphin.token)


@pytest.fixture
def edited(history, dolphin, raw):
    """Somebody saves another script in DolphinScheduler, which takes the schedule off."""
    raw.edit(dolphin.project, history.code, "echo elsewhere")
    return history


@pytest.fixture
def ask_back(ask, keeper):
    def make(**more):
        return ask(3, **{"actor": keeper, "act": Act.PUT_BACK, "acknowledged": ("schedule_on",), **more})

    return make


def test_it_brings_back_what_was_published_and_makes_no_version(edited, ask_back, keeper, dolphin, raw):
    request = ask_back()
    assert (request.state, request.act, request.base_id) == (State.APPROVED, "put_back", request.target_id)
    execute(request, actor=keeper)
    run_due()
    done = again(request)
    assert (done.state, done.sync.snapshot_id) == (State.DONE, done.target_id)
    made = list(Snapshot.objects.filter(workflow_id="orders").order_by("version").values_list("version", "trigger"))
    assert made[2:] == [(3, "api"), (4, "before_publish")]  # the edit is kept, nothing is published anew
    assert edited.again().state.live_state == "in_sync"
    assert "echo three" in str(raw.definition(dolphin.project, edited.code))
    events = AuditEntry.objects.filter(object_pk=str(done.pk), event__startswith="rollback.").values_list("event")
    assert [row[0] for row in events.order_by("id")] == ["rollback.requested", "rollback.executed", "rollback.done"]


def test_it_asks_for_its_own_right(edited, ask, ask_back, oncall, project):
    with pytest.raises(NotAllowed) as caught:
        ask(3, actor=oncall, act=Act.PUT_BACK)  # may ask for rollbacks and execute them
    assert caught.value.extra["permission"] == PUT_BACK
    assert AuditEntry.objects.get(event="rollback.request_refused").outcome == "refused"
    request = ask_back()
    with pytest.raises(NotAllowed):
        execute(request, actor=oncall)
    with pytest.raises(NotAllowed):
        cancel(request, actor=oncall)
    assign_perm(PUT_BACK, oncall, project)
    assert cancel(request, actor=type(oncall).objects.get(pk=oncall.pk)).state == State.CANCELLED


def test_who_puts_back_may_not_roll_back(history, ask, keeper):
    with pytest.raises(NotAllowed) as caught:
        ask(1, actor=keeper)
    assert caught.value.extra["permission"] == REQUEST_ROLLBACK


def test_with_an_approval(edited, ask_back, keeper, approver, rules):
    rules(approvals_needed=1)
    request = ask_back()
    assert request.state == State.PENDING
    with pytest.raises(NotApproved):
        execute(request, actor=keeper)
    approve(request, actor=approver)
    execute(again(request), actor=keeper)
    run_due()
    assert again(request).state == State.DONE


def test_without_a_request_it_obeys_the_same_rule(edited, publisher, rules):
    rules(approvals_needed=1)
    with pytest.raises(NotApproved, match=r"workflows/\{key\}/rollbacks"):
        put_back(edited.again(), actor=publisher, reason="drift")
    refused = AuditEntry.objects.get(event="put_back.refused")
    assert refused.outcome == "refused" and "not_approved" in refused.reason
    rules(approvals_needed=0)
    assert put_back(edited.again(), actor=publisher, reason="drift").options["put_back"]


def test_another_edit_makes_it_void(edited, ask_back, keeper, dolphin, raw):
    request = ask_back()
    raw.edit(dolphin.project, edited.code, "echo again")
    with pytest.raises(Voided):
        execute(request, actor=keeper)
    assert again(request).state == State.VOIDED


def test_what_is_switched_on_is_agreed_to_by_name(edited, ask_back, dolphin, raw):
    raw.release(dolphin.project, edited.code, "OFFLINE")
    with pytest.raises(NotAcknowledged) as caught:
        ask_back(acknowledged=())
    codes = tuple(row["code"] for row in caught.value.extra["findings"])
    assert codes == ("goes_online", "schedule_on")
    assert ask_back(acknowledged=codes).acknowledged == sorted(codes)


def test_only_the_published_version_and_nothing_to_choose(edited, ask, ask_back, keeper):
    with pytest.raises(TargetRefused, match="Only the published version"):
        ask(1, actor=keeper, act=Act.PUT_BACK)
    with pytest.raises(InvalidRequest, match="nothing to choose"):
        ask_back(choices=Choices(with_layout=False))
    assert Choices.from_json(vars(ask_back())) == AS_PUBLISHED


def test_nothing_is_put_back_where_all_is_as_published(history, ask_back):
    with pytest.raises(NothingToDo):
        ask_back()
    assert not RollbackRequest.objects.exists()
