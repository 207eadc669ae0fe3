"""Refusals of the admin's own pages are kept, whatever rights on the model were handed out; so are changes of roles."""

import pytest
from django.contrib.auth.models import Group
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from catalog.models import Instance

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.mark.parametrize("act", ["change", "delete"])
def test_rights_on_the_model_do_not_open_an_instance(outsider, client, instance, act):
    for right in ("view", "add", "change", "delete"):
        assign_perm(f"catalog.{right}_instance", outsider)
    client.force_login(outsider, backend=BACKEND)
    answer = client.post(f"/catalog/instance/{instance.pk}/{act}/", {"base_url": "http://evil/", "post": "yes"})
    assert answer.status_code == 403
    assert Instance.objects.get().base_url == instance.base_url
    row = AuditEntry.objects.get(event="instance.refused")
    assert (row.outcome, row.actor_name, row.target) == ("refused", "outsider", instance.name)
    assert client.post("/catalog/instance/add/", {"name": "x"}).status_code == 403
    assert AuditEntry.objects.filter(event="instance.refused").count() == 2


def test_a_refused_change_of_mode_is_kept(publisher, client, project):
    client.force_login(publisher, backend=BACKEND)
    assert client.post(f"/catalog/project/{project.pk}/change/", {"mode": "off"}).status_code == 403
    assert client.get(f"/catalog/project/{project.pk}/permissions/").status_code == 403
    rows = AuditEntry.objects.filter(event="project.refused")
    assert [(row.actor_name, row.target) for row in rows] == [("publisher", project.scope)] * 2


def test_roles_are_changed_with_a_row(manager, outsider, client, project):
    client.force_login(manager, backend=BACKEND)
    path = f"/catalog/project/{project.pk}/permissions"
    assert b"<style" not in client.get(f"{path}/").content
    assert client.post(f"{path}/user-manage/{outsider.pk}/", {"permissions": ["publish_project"]}).status_code == 302
    group = Group.objects.create(name="night shift")
    assert client.post(f"{path}/group-manage/{group.pk}/", {"permissions": ["view_project"]}).status_code == 302
    client.post(f"{path}/group-manage/{group.pk}/", {"permissions": ["view_project"]})  # changes nothing
    rows = AuditEntry.objects.filter(event="project.roles_changed").order_by("pk")
    assert [row.changes for row in rows] == [
        {"roles of user outsider": ["", "publish_project"]},
        {"roles of group night shift": ["", "view_project"]},
    ]
    assert {row.actor_name for row in rows} == {"manager"}


@pytest.mark.parametrize(("language", "said"), [("en", "execute rollbacks"), ("zh-hans", "执行回滚")])
def test_the_rights_there_are_stand_by_their_names(manager, outsider, client, project, language, said):
    client.force_login(manager, backend=BACKEND)
    client.cookies["django_language"] = language
    path = f"/catalog/project/{project.pk}/permissions/"
    group = Group.objects.create(name="night shift")
    for page in (path, f"{path}user-manage/{outsider.pk}/", f"{path}group-manage/{group.pk}/"):
        text = client.get(page).content.decode()
        assert said in text
        assert "add project" not in text and "Can " not in text
    refused = client.post(f"{path}user-manage/{outsider.pk}/", {"permissions": ["delete_project"]})
    assert refused.status_code == 200 and not AuditEntry.objects.filter(event="project.roles_changed").exists()


def test_roles_of_a_project_out_of_sight(outsider, client, project):
    client.force_login(outsider, backend=BACKEND)
    for path in ("permissions/", f"permissions/user-manage/{outsider.pk}/"):
        assert client.post(f"/catalog/project/{project.pk}/{path}", {"permissions": ["x"]}).status_code == 404
