"""Ignoring a field: whose right, what may be named, for how long, and what becomes of what stands."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed
from catalog.permissions import MANAGE_POLICY, TRIAGE_DRIFT, VIEW
from drift.choices import ItemState
from drift.models import IgnoreRule, InspectionMark
from drift.rules.end import end_rule
from drift.rules.ignore import Field, ignore
from drift.rules.paths import checked_path
from snapshotter.choices import LiveState
from snapshotter.models import WorkflowState
from tests.conftest import _person as person
from tests.drift.items import again, make_item

SCRIPT = "tasks.*.taskParams.rawScript"


@pytest.fixture
def oncall(project):
    return person("oncall", project, VIEW, TRIAGE_DRIFT)


@pytest.fixture
def lawgiver(project):
    return person("lawgiver", project, VIEW, MANAGE_POLICY)


def test_what_differs_in_it_alone_is_closed_and_stays_so(hands, look_at, orders, oncall):
    hands.edit("echo theirs")
    hands.release("ONLINE")
    for row in hands.schedules():
        hands.schedule(row["id"], "online")
    item = again(look_at().item)
    rule = ignore(orders.project, Field(path=SCRIPT, reason="theirs to tune", workflow=orders), actor=oncall)
    closed = again(item)
    assert (closed.state, closed.closed_by_name, closed.closed_reason) == (
        ItemState.IGNORED,
        "oncall",
        "theirs to tune",
    )
    assert WorkflowState.objects.get(workflow=orders).live_state == LiveState.IN_SYNC
    assert look_at().item is None
    end_rule(rule, actor=oncall)
    assert look_at().item is not None  # it counts again


def test_what_differs_elsewhere_too_stands(bare_orders, oncall, project):
    bare_orders.project.instance.enabled = False  # nobody answers: that is no obstacle
    item = make_item(bare_orders, evidence={"paths": ["tasks.70010.taskParams.rawScript", "name"]})
    InspectionMark.objects.create(workflow=bare_orders, full_due_at=timezone.now() + timedelta(days=1))
    ignore(project, Field(path=SCRIPT, reason="x", workflow=bare_orders), actor=oncall)
    assert again(item).state == ItemState.OPEN
    assert InspectionMark.objects.get().full_due_at <= timezone.now()
    ignore(project, Field(path="name", reason="x", workflow=bare_orders), actor=oncall)
    assert again(item).state == ItemState.IGNORED


@pytest.mark.parametrize("evidence", [{}, {"paths": []}, {"paths": ["name"] * 50}])
def test_what_names_no_field_or_too_many_is_not_explained(bare_orders, oncall, project, evidence):
    item = make_item(bare_orders, evidence=evidence)
    ignore(project, Field(path="name", reason="x", workflow=bare_orders), actor=oncall)
    assert again(item).state == ItemState.OPEN


def test_for_a_whole_project_it_is_a_rule_of_it(bare_orders, project, oncall, lawgiver):
    item = make_item(bare_orders)
    field = Field(path=SCRIPT, reason="tuned there", expires_at=timezone.now() + timedelta(days=3))
    with pytest.raises(NotAllowed) as caught:
        ignore(project, field, actor=oncall)
    assert caught.value.extra["permission"] == MANAGE_POLICY
    assert AuditEntry.objects.get(event="ignore_rule.refused").outcome == "refused"
    rule = ignore(project, field, actor=lawgiver)
    assert ignore(project, field, actor=lawgiver) == rule
    assert AuditEntry.objects.filter(event="drift.ignored").count() == IgnoreRule.objects.count() == 1
    assert again(item).state == ItemState.IGNORED
    with pytest.raises(NotAllowed):
        end_rule(rule, actor=oncall)
    assert end_rule(rule, actor=lawgiver) is True
    assert end_rule(rule, actor=lawgiver) is False
    assert AuditEntry.objects.filter(event="ignore_rule.ended").count() == 1


def test_one_that_is_over_counts_no_more(bare_orders, project, oncall):
    rule = ignore(project, Field(path="name", reason="x", workflow=bare_orders), actor=oncall)
    assert list(IgnoreRule.objects.in_force().covering(bare_orders)) == [rule]
    IgnoreRule.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert not IgnoreRule.objects.in_force().exists()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tasks",
        "tasks.*",
        "relations.*.*",
        "settings",
        "state",
        "*",
        "nothing.here",
        "tasks..x",
        "name\n",
        "x" * 300,
    ],
)
def test_what_can_not_be_named(path):
    if path == "name\n":
        assert checked_path(path) == "name"
        return
    with pytest.raises(InvalidRequest):
        checked_path(path)


@pytest.mark.parametrize("path", ["name", "layout", "schedule.crontab", "tasks.1", "state.online", "settings.timeout"])
def test_what_can(path):
    assert checked_path(f" {path} ") == path


def test_it_needs_a_reason_and_a_future(bare_orders, project, oncall):
    for field in (
        Field(path="name", reason=" ", workflow=bare_orders),
        Field(path="name", reason="x", workflow=bare_orders, expires_at=timezone.now()),
    ):
        with pytest.raises(InvalidRequest):
            ignore(project, field, actor=oncall)
