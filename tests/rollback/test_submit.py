"""Asking for a rollback."""

from datetime import timedelta

import pytest

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import InvalidRequest, NotAllowed, NotFound, ProjectOff
from catalog.models import Project
from rollback.binding import hash_of
from rollback.choices import Rule, State
from rollback.choices_of import Choices
from rollback.errors import AlreadyRequested, MissingInDolphin, NotAcknowledged, NothingToDo, TargetRefused
from rollback.models import RollbackRequest
from snapshotter.choices import Online, ScheduleChoice, Status, Trigger
from snapshotter.errors import ProjectRecords
from snapshotter.gates.quarantine import quarantine
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE
from tests.services.raw_dolphin import RawDolphin


def test_it_is_bound_to_both_sides_and_all_choices(ask, history):
    request = ask(1, choices=Choices(schedule=ScheduleChoice.FROM_DEFINITION))
    target = history.version(1)
    assert (request.state, request.base.version, request.workflow_id) == (State.APPROVED, 3, history.workflow.pk)
    assert request.bound["target"]["content_hash"] == target.content_hash
    assert request.bound["target"]["schedule_hash"] == target.schedule_hash
    assert request.bound["live"]["schedule_hash"] == history.version(3).schedule_hash
    assert request.bound["published"] == 3
    assert request.bound_hash == hash_of(request.bound)


def test_another_choice_is_another_binding(ask, oncall):
    from rollback.cancel import cancel

    first = ask(1)
    cancel(first, actor=oncall)
    assert ask(1, choices=Choices(online=Online.ON)).bound_hash != first.bound_hash


def test_it_leaves_its_audit_row(ask):
    request = ask(1, ticket="INC-7")
    entry = AuditEntry.objects.get(event="rollback.requested")
    assert (entry.actor_name, entry.reason, entry.object_pk) == ("oncall", "v3 loses rows", str(request.pk))
    assert entry.additional_data["bound"] == request.bound


def test_nothing_is_written_to_dolphinscheduler(ask, dolphin):
    def writes():
        return [call for call in dolphin.log if call.method != "GET" and not call.path.endswith("/schedules/list")]

    before = writes()
    ask(1)
    assert writes() == before


@pytest.mark.parametrize("who", ["viewer", "publisher", "approver"])
def test_it_needs_the_right(ask, who, request):
    with pytest.raises(NotAllowed):
        ask(1, actor=request.getfixturevalue(who))
    assert AuditEntry.objects.filter(event="rollback.request_refused", outcome="refused").count() == 1
    assert not RollbackRequest.objects.exists()


def test_an_outsider_does_not_learn_that_it_exists(ask, outsider):
    with pytest.raises(NotFound):
        ask(1, actor=outsider)


def test_it_needs_a_reason(ask):
    for reason in ("", "  \n", "x" * 2_001):
        with pytest.raises(InvalidRequest):
            ask(1, reason=reason)


def test_secrets_in_a_reason_are_masked(ask):
    assert "hunter2" not in ask(1, reason="export PASSWORD=hunter2 was wrong", ticket="password=hunter2").reason
    assert "hunter2" not in str(RollbackRequest.objects.values().get())


def test_one_open_request_a_workflow(ask, requester):
    first = ask(1)
    with pytest.raises(AlreadyRequested) as caught:
        ask(2, actor=requester)
    assert caught.value.extra == {"request": first.pk, "by": "oncall", "state": State.APPROVED}


@pytest.mark.parametrize(("mode", "error"), [(Mode.OFF, ProjectOff), (Mode.RECORD, ProjectRecords)])
def test_the_project_must_publish(ask, project, mode, error):
    Project.objects.filter(pk=project.pk).update(mode=mode)
    with pytest.raises(error):
        ask(1)


def test_what_is_there_already_is_nothing_to_do(ask):
    with pytest.raises(NothingToDo):
        ask(3)


def test_the_present_version_can_be_put_back_over_an_edit(ask, history, dolphin):
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    assert ask(3, acknowledged=("overwrites_edit", "schedule_on")).state == State.APPROVED


def test_a_deleted_workflow_is_restored_instead(ask, history, dolphin):
    raw = RawDolphin(dolphin.url, dolphin.token)
    raw.release(dolphin.project, history.code, "OFFLINE")
    raw.data("DELETE", f"/projects/{dolphin.project}/process-definition/{history.code}")
    with pytest.raises(MissingInDolphin):
        ask(1)


def test_a_quarantined_target_is_refused_with_the_reason(ask, history, manager):
    quarantine(history.version(1), reason="drops the table", actor=manager)
    with pytest.raises(TargetRefused) as caught:
        ask(1)
    assert "drops the table" in str(caught.value)
    assert caught.value.extra["findings"][0]["code"] == "quarantined"


def test_a_version_that_was_never_live_needs_a_named_override(ask, history):
    Snapshot.objects.filter(pk=history.version(2).pk).update(live_from=None, status=Status.FAILED)
    with pytest.raises(NotAcknowledged) as caught:
        ask(2)
    assert [row["code"] for row in caught.value.extra["findings"]] == ["never_live"]
    assert ask(2, acknowledged=("never_live", "made_up")).acknowledged == ["never_live"]


class TestRules:
    def test_the_author_takes_back_a_fresh_publish(self, ask, rules, publisher, project):
        from guardian.shortcuts import assign_perm

        from catalog.permissions import REQUEST_ROLLBACK

        assign_perm(REQUEST_ROLLBACK, publisher, project)
        rules(approvals_needed=1, same_author_minutes=30)
        request = ask(2, actor=publisher)
        assert (request.state, request.rule) == (State.APPROVED, Rule.SAME_AUTHOR)
        assert AuditEntry.objects.get(event="rollback.rule_applied").reason == "same_author"
        assert request.expires_at < request.created_at + timedelta(minutes=31)

    def test_only_the_author_and_only_to_what_was_live_before(self, ask, rules, publisher, oncall, project):
        from guardian.shortcuts import assign_perm

        from catalog.permissions import REQUEST_ROLLBACK
        from rollback.cancel import cancel

        rules(approvals_needed=1, same_author_minutes=30)
        other = ask(2)
        assert (other.state, other.rule) == (State.PENDING, Rule.NONE)
        cancel(other, actor=oncall)
        assign_perm(REQUEST_ROLLBACK, publisher, project)
        assert ask(1, actor=publisher).rule == Rule.NONE

    def test_not_when_somebody_else_has_edited_it(self, ask, rules, publisher, project, history, dolphin):
        from guardian.shortcuts import assign_perm

        from catalog.permissions import REQUEST_ROLLBACK

        assign_perm(REQUEST_ROLLBACK, publisher, project)
        rules(approvals_needed=1, same_author_minutes=30)
        RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
        assert ask(2, actor=publisher, acknowledged=("overwrites_edit", "schedule_on")).rule == Rule.NONE

    def test_schedule_only_passes_where_the_rules_say_so(
        self, ask, rules, history, oncall, project, publisher, make_definition
    ):
        from rollback.cancel import cancel

        later = {**SCHEDULE, "crontab": "0 0 4 1 1 ? *", "releaseState": "ONLINE"}
        request = PublishRequest(
            workflow_key="orders",
            definition=make_definition("echo three", name="orders daily", schedule=later),
            origin=Origin(trigger=Trigger.API),
            schedule=ScheduleChoice.FROM_DEFINITION,
        )
        publish(request, actor=publisher)
        run_due()
        assert history.version(4).status == Status.PUBLISHED
        restored = Choices(schedule=ScheduleChoice.FROM_DEFINITION)
        rules(approvals_needed=1, harmless_passes=True)
        passed = ask(3, choices=restored)
        assert (passed.state, passed.rule) == (State.APPROVED, Rule.HARMLESS)
        cancel(passed, actor=oncall)
        assert ask(2, choices=restored).rule == Rule.NONE  # a script changes
        cancel(RollbackRequest.objects.open().get(), actor=oncall)
        stops = Choices(schedule=ScheduleChoice.FROM_DEFINITION, schedule_state=Online.OFF)
        assert ask(3, choices=stops, acknowledged=("schedule_off",)).rule == Rule.NONE  # it stops the runs
        cancel(RollbackRequest.objects.open().get(), actor=oncall)
        rules(approvals_needed=1, harmless_passes=False)
        assert ask(3, choices=restored).rule == Rule.NONE
