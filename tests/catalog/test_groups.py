"""Ready-made groups, and what an upgrade does to rights that were given before."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from guardian.shortcuts import assign_perm

from catalog.groups import GROUPS, make_groups
from catalog.models import Project
from catalog.permissions import (
    APPROVE_ROLLBACK,
    BREAK_GLASS,
    EXECUTE_ROLLBACK,
    MANAGE,
    OVERRIDE_FREEZE,
    PUBLISH,
    PUT_BACK,
    QUARANTINE,
    TRIAGE_DRIFT,
    VIEW,
    VIEW_SECRETS,
    may,
)
from catalog.service_accounts import ROLES, issue_token

drift_upgrade = importlib.import_module("catalog.migrations.0007_put_back_as_before")
upgrade = importlib.import_module("catalog.migrations.0005_quarantine_as_before")


def held(name: str) -> set[str]:
    rows = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


@pytest.mark.parametrize("name", GROUPS)
def test_each_group_is_made_with_its_rights_and_sees_what_it_acts_on(db, name):
    make_groups()  # nothing but what migrate did
    assert held(name) == set(GROUPS[name])
    assert VIEW in GROUPS[name]


def test_no_group_lets_one_person_ask_and_approve_or_see_secrets():
    given = [right for rights in GROUPS.values() for right in rights]
    assert not {OVERRIDE_FREEZE, VIEW_SECRETS} & set(given)
    assert [name for name, rights in GROUPS.items() if BREAK_GLASS in rights] == ["Snapshotter break-glass"]
    assert not [n for n, rights in GROUPS.items() if APPROVE_ROLLBACK in rights and EXECUTE_ROLLBACK in rights]
    assert not [role for role, rights in ROLES.items() if APPROVE_ROLLBACK in rights]


def test_a_group_that_stands_is_left_as_it_is(db):
    group = Group.objects.get(name="Snapshotter publishers")
    group.permissions.set([])
    Group.objects.get(name="Snapshotter on-call").delete()
    make_groups()
    assert held("Snapshotter publishers") == set()
    assert held("Snapshotter on-call") == set(GROUPS["Snapshotter on-call"])


def test_a_service_account_that_rolls_back_does_not_publish(project, manager):
    issue_token("pager", project=project, role="rollback", days=3, actor=manager)
    account = User.objects.get(username="svc-pager")
    assert may(account, EXECUTE_ROLLBACK, project) and not may(account, PUBLISH, project)


@pytest.fixture
def managers(project, instance):
    """Who managed before the upgrade: by each way in which one can, and one who only published."""
    other = Project.objects.create(instance=instance, code=99, name="other")
    everywhere, here, by_group, there, publisher = (
        User.objects.create_user(name) for name in ("everywhere", "here", "by_group", "there", "only_publishes")
    )
    assign_perm(MANAGE, everywhere)
    assign_perm(MANAGE, here, project)
    assign_perm(MANAGE, there, other)
    night = Group.objects.create(name="night shift")
    by_group.groups.add(night)
    assign_perm(MANAGE, night, project)
    assign_perm(PUBLISH, publisher, project)
    return {user.username: user.pk for user in (everywhere, here, by_group, there, publisher)}


@pytest.mark.parametrize("permission_exists", [True, False])
def test_who_managed_before_may_quarantine_afterwards(project, managers, permission_exists):
    if not permission_exists:  # an upgrade: permissions are made after all migrations
        Permission.objects.filter(codename="quarantine_project").delete()
    upgrade.grant(apps, None)
    upgrade.grant(apps, None)  # twice does nothing more
    may_now = {name for name, pk in managers.items() if may(User.objects.get(pk=pk), QUARANTINE, project)}
    assert may_now == {"everywhere", "here", "by_group"}
    assert may(User.objects.get(username="there"), QUARANTINE, Project.objects.get(code=99))
    assert QUARANTINE in held("Snapshotter managers")


def test_in_an_empty_database_the_upgrade_does_nothing(db):
    Permission.objects.filter(codename="manage_project").delete()
    before = Permission.objects.count()
    upgrade.grant(apps, None)
    assert Permission.objects.count() == before


@pytest.mark.parametrize("permission_exists", [True, False])
def test_who_published_before_may_put_back_afterwards(project, managers, permission_exists):
    if not permission_exists:
        Permission.objects.filter(codename__in=["put_back_project", "triage_drift_project"]).delete()
    for _twice in range(2):
        drift_upgrade.grant(apps, None)
    people = {name: User.objects.get(pk=pk) for name, pk in managers.items()}
    assert {name for name, user in people.items() if may(user, PUT_BACK, project)} == {"only_publishes"}
    may_triage = {name for name, user in people.items() if may(user, TRIAGE_DRIFT, project)}
    assert may_triage == {"everywhere", "here", "by_group"}
    for name in ("Snapshotter publishers", "Snapshotter on-call", "Snapshotter managers"):
        assert PUT_BACK in held(name)
    assert {name for name in GROUPS if TRIAGE_DRIFT in held(name)} == {"Snapshotter on-call", "Snapshotter managers"}
