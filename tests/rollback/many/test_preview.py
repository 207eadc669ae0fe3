"""The preview says exactly what would go back, and why the rest would not."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.choices import Mode
from catalog.errors import InvalidRequest
from rollback.choices_of import Choices
from rollback.many.criteria import criteria_of
from rollback.many.preview import preview
from snapshotter.choices import LiveState, ScheduleChoice
from snapshotter.models import Snapshot, WorkflowState

pytestmark = pytest.mark.database


def test_it_is_exact(whole, oncall):
    found = preview(whole.criteria(), actor=oncall)
    offered = {
        row.workflow.key: (row.bad, row.target.version, [why.code for why in row.warnings]) for row in found.offered
    }
    assert offered == {
        "z_child": ([2], 1, []),
        "y_child": ([2], 1, []),
        "a_parent": ([2], 1, []),
        "b_waiter": ([2], 1, []),
        "edited": ([2], 1, ["overwrites_edit"]),
        "between": ([2], 1, ["others_since"]),
        "plain": ([2], 1, []),
        "twice": ([2, 3], 1, []),
    }
    left_out = {row.workflow.key: [why.code for why in row.reasons] for row in found.left_out}
    assert left_out == {
        "asked": ["already_requested"],
        "back": ["already_back"],
        "first": ["nothing_before"],
        "kept_out": ["quarantined"],
    }
    assert (found.is_more, found.circles) == (False, [])
    assert found.to_acknowledge() == {"overwrites_edit": 1, "others_since": 1}


def test_the_number_of_queries_does_not_rise_with_the_workflows(whole, oncall, put):
    preview(whole.criteria(), actor=oncall)  # what Django remembers of people and permissions
    with CaptureQueriesContext(connection) as before:
        preview(whole.criteria(), actor=oncall)
    for number in range(5):
        put(f"more_{number}", "echo good")
        put(f"more_{number}", "echo bad", by="mallory")
    with CaptureQueriesContext(connection) as after:
        found = preview(whole.criteria(), actor=oncall)
    assert len(found.offered) == 13
    assert len(after) == len(before) <= 25


def test_more_than_the_bound_is_said(whole, oncall, monkeypatch):
    monkeypatch.setattr("rollback.many.candidates.MOST_WORKFLOWS", 5)
    monkeypatch.setattr("rollback.many.pieces.MOST_PIECES", 4)
    found = preview(whole.criteria(), actor=oncall)
    assert found.is_more
    assert [row.workflow.key for row in [*found.offered, *found.left_out]] == [
        "a_parent",
        "b_waiter",
        "between",
        "asked",
        "back",
    ]
    unread = [row.workflow.key for row in found.offered if row.counts is None]
    assert unread == ["b_waiter", "between"]
    assert all("order_unknown" in [why.code for why in row.warnings] for row in found.offered if row.counts is None)


def test_it_is_chosen_by_text_project_and_name_too(incident, oncall, root):
    one = criteria_of(
        text="Change Plain", publisher="mallory", workflows=("plain", "z_child"), project=incident.project
    )
    assert [row.workflow.key for row in preview(one, actor=oncall).offered] == ["plain"]
    assert preview(incident.criteria(workflows=("nowhere",)), actor=root).offered == []


def test_who_sees_nothing_is_told_nothing_and_who_may_not_ask_why(incident, outsider, bystander):
    hidden = preview(incident.criteria(), actor=outsider)
    assert (hidden.offered, hidden.left_out) == ([], [])
    shown = preview(incident.criteria(), actor=bystander)
    assert shown.offered == []
    assert {row.reasons[0].code for row in shown.left_out} == {"not_allowed"}


def test_what_stands_in_the_way_of_all_is_said(whole, oncall):
    WorkflowState.objects.filter(workflow__key="plain").update(live_state=LiveState.MISSING)
    Snapshot.objects.filter(workflow="twice", version=1).update(live_from=None)
    reasons = {row.workflow.key: row.reasons[0].code for row in preview(whole.criteria(), actor=oncall).left_out}
    assert (reasons["plain"], reasons["twice"]) == ("missing_in_dolphin", "never_live")
    whole.project.mode = Mode.RECORD
    whole.project.save()
    assert preview(whole.criteria(), actor=oncall).offered == []


def test_a_schedule_is_brought_back_only_where_it_is_known(incident, oncall):
    choices = Choices(schedule=ScheduleChoice.FROM_DEFINITION)
    Snapshot.objects.filter(workflow="plain", version=1).update(schedule=None)
    found = preview(incident.criteria(), actor=oncall, choices=choices)
    reasons = {row.workflow.key: [why.code for why in row.reasons] for row in found.left_out}
    assert reasons["plain"] == ["schedule_unknown"]


@pytest.mark.parametrize(
    "more", [{}, {"since": "later"}, {"since": "long"}, {"publisher": "x" * 200}, {"since": "naive"}]
)
def test_criteria_that_narrow_nothing_are_refused(more, db):
    now = timezone.now()
    since = {"later": now + timedelta(days=1), "long": now - timedelta(days=32), "naive": datetime(2026, 1, 1)}
    with pytest.raises(InvalidRequest):
        criteria_of(**{name: since.get(value, value) for name, value in more.items()})
