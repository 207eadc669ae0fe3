"""What a rule closes at once: only what the rules in force explain whole, wherever the workflow is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.choices import Mode
from catalog.models import Project, Workflow
from drift.choices import ItemState
from drift.difference import difference_of
from drift.models import DriftItem, IgnoreRule, InspectionMark
from drift.rules.end import end_rule
from drift.rules.ignore import Field, ignore
from snapshotter.models import ContentQuarantine, Snapshot
from tests.drift.conftest import standing
from tests.drift.items import again, make_item

DESCRIPTION, TIMEOUT = "settings.description", "settings.timeout"


@pytest.fixture
def ignored(orders, admin_user):
    """Ignore a field, in the workflow or in all of the project."""

    def make(path, *, everywhere=False):
        field = Field(path=path, reason="known", workflow=None if everywhere else orders)
        return ignore(orders.project, field, actor=admin_user)

    return make


def test_what_differs_in_a_field_whose_rule_has_ended_stands(sweep, hands, ignored, admin_user):
    hands.save(description="mine", timeout="33")
    sweep()
    rule = ignored(DESCRIPTION)
    assert standing().evidence["paths"] == [TIMEOUT]
    end_rule(rule, actor=admin_user)
    ignored(TIMEOUT, everywhere=True)
    assert standing().evidence["ignored_paths"] == [DESCRIPTION]


def test_what_came_to_differ_under_a_rule_that_has_ended_stands(sweep, hands, ignored, admin_user):
    """What counts is as before, so that the finding is no news; what does not count is not."""
    rule = ignored(DESCRIPTION)
    hands.save(timeout="33")
    sweep()
    hands.save(timeout="33", description="mine")
    sweep()
    end_rule(rule, actor=admin_user)
    ignored(TIMEOUT, everywhere=True)
    assert standing().evidence["ignored_paths"] == [DESCRIPTION]


def test_one_rule_after_another_explains_it_whole(sweep, hands, ignored):
    hands.save(description="mine", timeout="33")
    sweep()
    ignored(DESCRIPTION)
    assert standing().evidence["ignored"] == 1
    ignored(TIMEOUT)
    assert DriftItem.objects.get().state == ItemState.IGNORED


def test_content_in_quarantine_is_hidden_by_no_rule(sweep, hands, orders, ignored, admin_user):
    hands.switch(1)
    bad = Snapshot.objects.get(workflow=orders, version=1)
    ContentQuarantine.objects.create(
        project=orders.project, workflow=orders, content_hash=bad.content_hash, reason="bad", created_by_name="ops"
    )
    sweep()
    for path in standing().evidence["paths"]:
        ignored(path)
    assert "quarantined_live" in standing().kinds and standing().evidence["paths"] == []
    sweep(is_full=True)
    assert standing().severity == "high"
    assert not difference_of(standing(), reader=admin_user).is_identical  # nor on its page


def test_what_came_into_quarantine_since_is_hidden_neither(bare_orders, project, admin_user):
    item = make_item(bare_orders, content_hash="b" * 64, evidence={"paths": ["name"]})
    ContentQuarantine.objects.create(project=project, content_hash="b" * 64, reason="bad", created_by_name="ops")
    ignore(project, Field(path="name", reason="known"), actor=admin_user)
    assert again(item).state == ItemState.OPEN


def test_what_rules_hide_is_read_again_when_it_comes_into_quarantine(sweep, hands, orders, ignored):
    hands.switch(1)
    sweep()
    bad = Snapshot.objects.get(workflow=orders, version=1)
    for path in standing().evidence["paths"]:
        ignored(path)
    sweep()
    assert sweep().read_whole == 0
    ContentQuarantine.objects.create(
        project=orders.project, content_hash=bad.content_hash, reason="bad", created_by_name="ops"
    )
    assert sweep().opened == 1


def test_a_rule_goes_with_its_workflow_to_another_project(bare_orders, instance, project, admin_user):
    rule = ignore(project, Field(path="name", reason="known", workflow=bare_orders), actor=admin_user)
    other = Project.objects.create(instance=instance, code=88, name="other", mode=Mode.RECORD)
    Workflow.objects.filter(pk=bare_orders.pk).update(project=other)
    InspectionMark.objects.create(workflow=bare_orders, full_due_at=timezone.now() + timedelta(days=1))
    bare_orders.refresh_from_db()
    assert list(IgnoreRule.objects.in_force().covering(bare_orders)) == [rule]
    end_rule(rule, actor=admin_user)
    assert InspectionMark.objects.get().full_due_at <= timezone.now()
