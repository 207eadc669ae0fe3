"""Who may: global holders, holders on the project, nobody else; refusals leave a row."""

import pytest
from guardian.shortcuts import assign_perm

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.errors import NotAllowed, NotFound
from catalog.models import Instance, Project
from catalog.permissions import MANAGE, OVERRIDE_FREEZE, PUBLISH, VIEW, may, require, rights
from catalog.secrets_at_rest import encrypt


@pytest.fixture
def other(instance):
    second = Instance.objects.create(name="second", base_url="http://other.test/ds", token_encrypted=encrypt("x"))
    return Project.objects.create(instance=second, code=99, name="other")


def test_rights_on_one_project_do_not_reach_another(publisher, project, other):
    assert may(publisher, PUBLISH, project) and not may(publisher, MANAGE, project)
    assert not may(publisher, VIEW, other)
    assert list(Project.objects.visible_to(publisher)) == [project]


def test_a_global_right_reaches_all(outsider, project, other):
    assign_perm(VIEW, outsider)
    outsider = type(outsider).objects.get(pk=outsider.pk)
    assert may(outsider, VIEW, project) and may(outsider, VIEW, other)
    assert Project.objects.visible_to(outsider).count() == 2
    assert not may(outsider, PUBLISH, project)


@pytest.mark.parametrize("name", ["viewer", "publisher", "manager", "outsider", "root"])
def test_all_rights_at_once_are_those_asked_one_by_one(name, request, project, other):
    person = request.getfixturevalue(name)
    assign_perm(PUBLISH, person)
    person = type(person).objects.get(pk=person.pk)
    for place in (project, other):
        asked = {right for right in (VIEW, PUBLISH, MANAGE, OVERRIDE_FREEZE) if may(person, right, place)}
        assert rights(person, place) >= asked
        assert not (rights(person, place) - asked) & {VIEW, PUBLISH, MANAGE, OVERRIDE_FREEZE}
    person = type(person).objects.get(
        pk=person.pk
    )  # rights are kept for a request, and a request reads its person anew
    person.is_active = False
    assert not rights(person, project)


def test_an_inactive_account_may_nothing(publisher, project):
    publisher.is_active = False
    assert not may(publisher, VIEW, project)


def test_refusals_are_kept(viewer, outsider, project):
    with pytest.raises(NotAllowed):
        require(viewer, MANAGE, project, event="x.refused")
    with pytest.raises(NotFound):
        require(outsider, MANAGE, project, event="x.refused")
    rows = AuditEntry.objects.filter(event="x.refused")
    assert {(row.actor_name, row.outcome, row.reason) for row in rows} == {
        ("viewer", "refused", f"lacks {MANAGE}"),
        ("outsider", "refused", f"lacks {MANAGE}"),
    }
    assert may(SYSTEM, MANAGE, project)
