"""Readings that a rule overtakes, and items that a move of their workflow does."""

import pytest

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.models import Project, Workflow
from drift.choices import ItemState
from drift.glance import glance, states
from drift.look import judged
from drift.models import DriftItem
from drift.note import Became, note
from drift.rules.end import end_rule
from drift.rules.ignore import Field, ignore
from drift.seen import Seen
from tests.drift.conftest import standing
from tests.drift.items import again

FIELD = Field(path="settings.description", reason="known")


@pytest.fixture
def moved(orders, hands, instance):
    """Call to have the workflow moved to another project and its key bound there, of which no capture has come yet."""

    def move():
        other = Project.objects.create(instance=instance, code=88, name="other", mode=Mode.PUBLISH)
        Workflow.objects.filter(pk=orders.pk).update(project=other)
        Project.objects.filter(pk=orders.project_id).update(code=hands.raw.create_project())
        Project.objects.filter(pk=other.pk).update(code=hands.project)  # it is this one that has it
        return other

    return move


@pytest.fixture
def asking_who(hands):
    """The path of the call that a check makes behind its judgement."""
    return f"/projects/{hands.project}/process-definition"


def test_a_rule_that_is_made_while_a_check_reads_counts(look_at, hands, orders, admin_user, on_call, asking_who):
    hands.save(description="mine")
    item = look_at().item
    on_call(asking_who, lambda: ignore(orders.project, FIELD, actor=admin_user))
    assert look_at().item is None
    assert again(item).state == ItemState.IGNORED and DriftItem.objects.count() == 1


def test_what_was_judged_by_other_rules_is_left_out(look_at, hands, orders, admin_user):
    state = states().select_related("published").get(workflow=orders)
    before = glance(state), judged(orders, state, Seen(code=1, project=2, live=None, problem=("away", "")))
    rule = ignore(orders.project, FIELD, actor=admin_user)
    assert note(orders, before[1], since=before[0]).became == Became.LEFT_OUT
    end_rule(rule, actor=admin_user)
    assert note(orders, before[1], since=before[0]).became == Became.NOTHING


def test_what_is_found_in_another_project_is_an_item_of_it(look_at, hands, orders, moved):
    """Who may see the old project alone learns nothing of what is in the new one."""
    hands.edit("echo one")
    item = again(look_at().item)
    other = moved()
    hands.edit("echo secret of the other project")
    found = again(look_at().item)
    assert (found.project, again(item).state) == (other, ItemState.RESOLVED) and found == standing()
    assert again(item).content_hash == item.content_hash != found.content_hash
    closed = AuditEntry.objects.get(event="drift.resolved")
    assert closed.scope == item.project.scope


def test_what_differs_no_more_where_it_is_now_is_closed_where_it_was(look_at, hands, moved):
    hands.save(description="mine")
    item = again(look_at().item)
    moved()
    hands.save(description="")
    assert look_at().item is None
    assert (again(item).state, AuditEntry.objects.get(event="drift.resolved").scope) == (
        ItemState.RESOLVED,
        item.project.scope,
    )
