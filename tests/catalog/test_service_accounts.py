"""Service accounts: tokens hashed, bounded, and never a way to rights on somebody else's project."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from guardian.shortcuts import assign_perm
from knox.models import AuthToken

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import InvalidRequest, NotAllowed
from catalog.models import Project
from catalog.permissions import MANAGE, PUBLISH, VIEW
from catalog.service_accounts import issue_token, revoke_token, tokens_of


@pytest.fixture
def other(instance):
    return Project.objects.create(instance=instance, code=99, name="other", mode=Mode.RECORD)


def test_a_service_account_token_is_hashed_and_bounded(project, manager, publisher):
    token = issue_token("platform", project=project, role="publish", days=5, actor=manager)
    row = AuthToken.objects.get()
    assert token not in (row.digest, row.token_key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM knox_authtoken")
        assert token not in str(cursor.fetchall())
    assert row.user.has_perm("catalog.publish_project", project) and not row.user.has_usable_password()
    with pytest.raises(NotAllowed):
        issue_token("platform", project=project, role="publish", days=5, actor=publisher)


@pytest.mark.parametrize("wrong", [{"name": "A B"}, {"name": ""}, {"role": "root"}, {"days": 0}, {"days": 9999}])
def test_bad_service_accounts(project, manager, wrong):
    with pytest.raises(InvalidRequest):
        issue_token(**{"name": "ok", "project": project, "role": "view", "days": 1, "actor": manager, **wrong})
    assert AuthToken.objects.count() == 0


def test_a_role_on_one_project_is_no_way_to_another(project, other, manager):
    issue_token("platform", project=other, role="publish", days=5, actor=SYSTEM)
    with pytest.raises(NotAllowed):
        issue_token("platform", project=project, role="view", days=5, actor=manager)
    assert AuthToken.objects.count() == 1
    assert AuditEntry.objects.get(event="service_account.refused").target == "svc-platform"
    assign_perm(MANAGE, manager, other)
    manager = User.objects.get(pk=manager.pk)
    assert issue_token("platform", project=project, role="view", days=5, actor=manager)


def test_an_account_with_rights_on_everything_is_not_lent(project, other, manager):
    assign_perm(PUBLISH, User.objects.create_user("svc-all"))
    User.objects.create_superuser("svc-root")
    for name in ("all", "root"):
        with pytest.raises(NotAllowed):
            issue_token(name, project=project, role="view", days=5, actor=manager)
    assert AuthToken.objects.count() == 0


def test_a_token_is_ended_only_where_it_reaches(project, other, manager, client):
    issue_token("elsewhere", project=other, role="view", days=5, actor=SYSTEM)
    issue_token("here", project=project, role="view", days=5, actor=SYSTEM)
    (row,) = tokens_of(other)
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/projects/{project.pk}/service-accounts/{row.digest}/revoke/").status_code == 404
    (mine,) = tokens_of(project)
    assert client.post(f"/projects/{project.pk}/service-accounts/{mine.digest}/revoke/").status_code == 302
    assert [token.user.username for token in AuthToken.objects.all()] == ["svc-elsewhere"]
    assert AuditEntry.objects.get(event="service_account.token_revoked").target == "svc-here"


def test_ending_a_token_needs_the_right(project, viewer):
    issue_token("here", project=project, role="view", days=5, actor=SYSTEM)
    (row,) = tokens_of(project)
    with pytest.raises(NotAllowed):
        revoke_token(row, project=project, actor=viewer)
    assert AuthToken.objects.count() == 1
    assert AuditEntry.objects.get(event="service_account.refused").actor_name == "viewer"
    assert viewer.has_perm(VIEW, project)
