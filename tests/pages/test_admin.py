"""The admin's own pages and ours beside them: instances, projects, service accounts, audit."""

import pytest
from knox.models import AuthToken

from audit.models import AuditEntry
from catalog.models import Instance, Project
from catalog.secrets_at_rest import decrypt


def test_an_instance_is_added_with_its_token_encrypted(browse, root, client, db, dolphin):
    browse("/", root)
    data = {"name": "prod", "base_url": dolphin.url + "/", "token": dolphin.token, "enabled": "on"}
    answer = client.post("/catalog/instance/add/", data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = Instance.objects.get()
    assert (row.base_url, decrypt(row.token_encrypted)) == (dolphin.url, dolphin.token)
    assert dolphin.token not in row.token_encrypted
    page = client.get(f"/catalog/instance/{row.pk}/change/").content.decode()
    assert dolphin.token not in page and row.token_encrypted not in page
    assert not AuditEntry.objects.filter(changes__icontains=dolphin.token).exists()


def test_testing_the_connection_offers_the_projects(browse, root, client, instance, dolphin):
    browse("/", root)
    page = client.post(f"/instances/{instance.pk}/test/").content.decode()
    assert "3.1" in page and "warehouse" in page
    answer = client.post(
        f"/instances/{instance.pk}/govern/", {"code": dolphin.project, "name": "warehouse", "mode": "record"}
    )
    project = Project.objects.get()
    assert (answer.status_code, project.mode) == (302, "record")


def test_the_list_of_one_app_says_nothing_of_what_is_governed(browse, root, project):
    """It is made of the start page's template, without the start page's figures."""
    page = browse("/catalog/", root).content.decode()
    assert "/catalog/instance/" in page and "Nothing is governed yet" not in page


@pytest.mark.parametrize(
    "path", ["/catalog/instance/", "/instances/{i}/test/", "/instances/{i}/govern/", "/audit/auditentry/"]
)
def test_what_only_a_superuser_may(browse, manager, client, instance, path):
    browse("/", manager)
    path = path.format(i=instance.pk)
    answer = client.post(path) if path.startswith("/instances") else client.get(path)
    assert answer.status_code == 403


def test_a_manager_changes_the_mode_of_his_project_only(browse, manager, publisher, client, project):
    path = f"/catalog/project/{project.pk}/change/"
    browse("/", publisher)
    assert client.post(path, {"mode": "off"}).status_code == 403
    browse("/", manager)
    assert client.get(path).status_code == 200
    assert client.post(path, {"mode": "record"}).status_code == 302
    assert Project.objects.get().mode == "record"
    row = AuditEntry.objects.filter(event="object.changed").latest("pk")
    assert (row.changes["mode"], row.actor_name) == (["publish", "record"], "manager")
    roles = f"/catalog/project/{project.pk}/permissions/"
    assert client.get(roles).status_code == 200
    browse("/", publisher)
    assert client.get(roles).status_code == 403


def test_service_accounts_are_made_shown_once_and_ended(browse, manager, viewer, client, project):
    path = f"/projects/{project.pk}/service-accounts/"
    browse("/", viewer)
    assert client.get(path).status_code == 403
    browse("/", manager)
    page = client.post(path, {"name": "platform", "role": "publish", "days": 30})
    token = page.context["token"]
    assert token in page.content.decode()
    again = client.get(path).content.decode()
    assert token not in again and "svc-platform" in again
    row = AuthToken.objects.get()
    assert client.post(f"{path}{row.digest}/revoke/").status_code == 302
    assert AuthToken.objects.count() == 0


def test_the_trail_is_read_only(browse, root, client, project, viewer):
    browse("/", root)
    row = AuditEntry.objects.create(
        event="x.y", actor_name="a", action=1, object_repr="o", object_pk="1", content_type_id=1
    )
    assert client.get("/audit/auditentry/").status_code == 200
    path = f"/audit/auditentry/{row.pk}/"
    assert client.get(f"{path}change/").status_code == 200
    assert client.post(f"{path}change/", {"event": "z"}).status_code == 403
    assert client.post(f"{path}delete/", {"post": "yes"}).status_code == 403


def test_health(client, db):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/api/nothing/here").json()["code"] == "not_found"
