"""Judging: ignored fields, gravity, quarantined content, and what is news."""

import pytest
from django.utils import timezone

from drift.choices import Kind, Severity
from drift.judge import judge, severity_of
from drift.models import DriftItem, IgnoreRule
from drift.seen import Seen
from snapshotter.choices import LiveState
from snapshotter.models import ContentQuarantine, Snapshot, WorkflowState


@pytest.fixture
def ignore(orders):
    def make(path, **values):
        return IgnoreRule.objects.create(
            project=orders.project, path=path, reason="known", created_by_name="ops", **{"workflow": orders, **values}
        )

    return make


def test_an_ignored_field_is_no_drift_but_is_counted(look_at, hands, ignore):
    hands.save(description="mine")
    rule = ignore("settings.description")
    judgement = look_at().judgement
    assert (judgement.live_state, judgement.ignored, judgement.kinds) == (LiveState.IN_SYNC, 1, ())
    assert not DriftItem.objects.exists()
    IgnoreRule.objects.filter(pk=rule.pk).update(ended_at=timezone.now())
    assert look_at().judgement.kinds == (Kind.CONTENT,)


def test_what_is_not_ignored_is_still_drift(look_at, hands, ignore):
    ignore("settings.description", workflow=None)
    hands.save(description="mine", timeout=7)
    judgement = look_at().judgement
    assert (judgement.kinds, judgement.ignored) == ((Kind.CONTENT,), 1)
    assert judgement.evidence["paths"] == ["settings.timeout"] and judgement.summary["settings"] == 1


def test_a_rule_that_has_expired_hides_nothing(look_at, hands, ignore):
    ignore("settings", expires_at=timezone.now())
    hands.save(description="mine")
    assert look_at().judgement.kinds == (Kind.CONTENT,)


def test_release_states_can_be_ignored(look_at, hands, ignore):
    hands.release("OFFLINE")
    ignore("state.schedule_online")
    assert look_at().judgement.kinds == (Kind.WORKFLOW_OFF,)
    ignore("state.*")
    judgement = look_at().judgement
    assert (judgement.live_state, judgement.ignored) == (LiveState.IN_SYNC, 2)


def test_an_ignored_field_that_changes_is_no_news(look_at, hands, ignore):
    ignore("settings.description")
    hands.save(timeout=7)
    found = look_at().judgement.found
    hands.save(timeout=7, description="mine")
    assert look_at().judgement.found == found


def test_content_in_quarantine_is_grave(look_at, hands, orders):
    hands.save(description="mine")
    content = look_at().item.content_hash
    assert DriftItem.objects.get().severity == Severity.MEDIUM
    ContentQuarantine.objects.create(project=orders.project, content_hash=content, reason="bad", created_by_name="ops")
    judgement = look_at().judgement
    assert (judgement.kinds, judgement.severity) == ((Kind.QUARANTINED_LIVE, Kind.CONTENT), Severity.HIGH)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_its_gravity(kind):
    slight = {Kind.RENAMED, Kind.LAYOUT}
    middling = {Kind.WORKFLOW_ON, Kind.SCHEDULE_ON, Kind.VERSION_SWITCHED, Kind.CONTENT, Kind.SCHEDULE}
    wanted = Severity.LOW if kind in slight else Severity.MEDIUM if kind in middling else Severity.HIGH
    assert severity_of([kind]) == wanted == severity_of([kind, Kind.LAYOUT])


def test_what_was_not_known_is_no_finding(look_at, hands, orders):
    """A release state that nobody ever left, and a schedule that no version knows."""
    hands.release("OFFLINE")
    hands.raw.data("DELETE", f"/projects/{hands.project}/schedules/{hands.schedules()[0]['id']}")
    WorkflowState.objects.update(expected_online=None, expected_schedule_online=None)
    Snapshot.objects.update(schedule_hash="", schedule=None)
    assert look_at().judgement.live_state == LiveState.IN_SYNC


def test_a_schedule_that_is_gone_does_not_fire(look_at, hands):
    hands.schedule_off()
    hands.raw.data("DELETE", f"/projects/{hands.project}/schedules/{hands.schedules()[0]['id']}")
    assert look_at().judgement.kinds == (Kind.SCHEDULE_OFF, Kind.SCHEDULE)


def test_what_was_left_off_and_is_on(look_at, hands, orders):
    WorkflowState.objects.update(expected_online=False, expected_schedule_online=False)
    judgement = look_at().judgement
    assert (judgement.kinds, judgement.severity) == ((Kind.WORKFLOW_ON, Kind.SCHEDULE_ON), Severity.MEDIUM)


def test_what_could_not_be_looked_at_has_its_cause(orders):
    state = WorkflowState.objects.select_related("published").get(workflow=orders)
    seen = Seen(code=1, project=2, live=None, problem=("dolphin_30002", "no right"))
    judgement = judge(state, state.published, seen)
    assert (judgement.live_state, judgement.problem) == (LiveState.CANNOT_COMPARE, ("dolphin_30002", "no right"))
    assert judge(state, None, seen).live_state == LiveState.NOT_COVERED
