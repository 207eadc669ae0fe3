"""What a request is bound to: whatever moves makes it void, and nobody is bound to what they did not see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rollback.choices import State
from rollback.choices_of import Choices
from rollback.errors import AlreadyRequested, SeenMoved, Voided
from rollback.execute import execute
from rollback.models import RollbackRequest
from snapshotter.choices import Online
from snapshotter.errors import StaleBase
from snapshotter.gates.quarantine import quarantine
from snapshotter.models import WorkflowState
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin

LONG_AGO = timezone.now() - timedelta(hours=1)


def test_who_saw_another_version_is_told(ask):
    with pytest.raises(StaleBase):
        ask(1, base=2)
    with pytest.raises(SeenMoved):
        ask(1, seen="0" * 64)
    assert ask(1, base=3).state == State.APPROVED


def test_a_stop_after_the_request_voids_it(ask, oncall, history, dolphin):
    request = ask(1)
    RawDolphin(dolphin.url, dolphin.token).release(dolphin.project, history.code, "OFFLINE")
    with pytest.raises(Voided):
        execute(request, actor=oncall)
    assert again(request).closed_code == "live_moved"


def test_what_keep_stands_for_is_bound_too(ask, oncall, history):
    request = ask(1)
    assert request.bound["after"] == {"online": True, "schedule_online": True}
    WorkflowState.objects.filter(workflow=history.workflow).update(expected_schedule_online=False)
    with pytest.raises(Voided):
        execute(request, actor=oncall)
    assert again(request).closed_code == "states_moved"


def test_what_has_come_up_since_must_be_agreed_to(ask, oncall, history, monkeypatch):
    from rollback import execute as executing
    from rollback.impact.findings import Finding, Weight

    request = ask(1)
    monkeypatch.setattr(executing, "findings_of", lambda *_, **__: [Finding("lineage_not_written", Weight.ACKNOWLEDGE)])
    RollbackRequest.objects.filter(pk=request.pk).update(created_at=LONG_AGO)
    with pytest.raises(Voided) as caught:
        execute(again(request), actor=oncall)
    assert caught.value.extra["moved"] == "impact_moved"
    assert (again(request).state, again(request).closed_text) == (State.VOIDED, "lineage_not_written")


def test_an_old_request_is_judged_anew_and_goes_on(ask, oncall):
    request = ask(1)
    RollbackRequest.objects.filter(pk=request.pk).update(created_at=LONG_AGO)
    assert execute(again(request), actor=oncall).pk


def test_one_that_is_over_stands_in_nobodys_way(ask):
    old = ask(1)
    RollbackRequest.objects.filter(pk=old.pk).update(expires_at=LONG_AGO)
    assert ask(2).state == State.APPROVED
    assert again(old).state == State.EXPIRED


def test_one_that_stands_is_in_the_way(ask):
    ask(1)
    with pytest.raises(AlreadyRequested):
        ask(2)


def test_a_schedule_deleted_in_dolphinscheduler_is_something_to_bring_back(ask, history, dolphin):
    raw = RawDolphin(dolphin.url, dolphin.token)
    (row,) = raw.schedules(dolphin.project, history.code)
    raw.data("POST", f"/projects/{dolphin.project}/schedules/{row['id']}/offline")
    raw.data("DELETE", f"/projects/{dolphin.project}/schedules/{row['id']}")
    request = ask(3, acknowledged=("schedule_on", "overwrites_edit"))
    assert request.bound["after"]["schedule_online"]


def test_who_says_on_has_said_so(ask, history, dolphin):
    RawDolphin(dolphin.url, dolphin.token).release(dolphin.project, history.code, "OFFLINE")
    request = ask(1, choices=Choices(online=Online.ON, schedule_state=Online.ON))
    assert {(row["code"], row["weight"]) for row in request.findings} >= {
        ("goes_online", "note"),
        ("schedule_on", "note"),
    }


def test_the_sweep_looks_only_at_what_may_have_moved(ask, history, manager):
    ask(1)
    waiting = RollbackRequest.objects.open()
    assert not waiting.suspicious().exists()
    quarantine(history.version(1), reason="bad", actor=manager)
    assert waiting.suspicious().count() == 1
