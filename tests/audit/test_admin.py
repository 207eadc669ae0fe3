"""The trail's page: read by those who may, changed by nobody."""

import pytest
from django.contrib.auth.models import Group, User

from audit.actors import SYSTEM
from audit.models import AuditEntry
from audit.record import record

BACKEND = "django.contrib.auth.backends.ModelBackend"
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def row(project):
    return record("thing.done", actor=SYSTEM, target=project, scope=project.scope, reason=MARKUP)


@pytest.fixture
def auditor(db):
    user = User.objects.create_user("auditor", is_staff=True)
    user.groups.add(Group.objects.get(name="Snapshotter auditors"))
    return user


def test_an_auditor_reads(auditor, row, client):
    client.force_login(auditor, backend=BACKEND)
    for path in ("/audit/auditentry/", "/audit/auditentry/?q=thing&outcome=ok", f"/audit/auditentry/{row.pk}/change/"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert MARKUP not in answer.content.decode() and "&lt;img" in answer.content.decode()


@pytest.mark.parametrize("path", ["/audit/auditentry/", "/audit/auditentry/{row}/change/"])
def test_others_do_not(manager, row, client, path):
    client.force_login(manager, backend=BACKEND)
    assert client.get(path.format(row=row.pk)).status_code == 403


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("add/", {"event": "made.up"}),
        ("{row}/change/", {"event": "other"}),
        ("{row}/delete/", {"post": "yes"}),
        ("", {"action": "delete_selected", "_selected_action": "{row}", "post": "yes"}),
    ],
)
def test_nobody_changes_it_here(root, row, client, path, data):
    client.force_login(root, backend=BACKEND)
    data = {name: value.format(row=row.pk) for name, value in data.items()}
    answer = client.post(f"/audit/auditentry/{path.format(row=row.pk)}", data)
    assert answer.status_code == 403 if path else b"delete_selected" not in answer.content
    assert AuditEntry.objects.get(pk=row.pk).event == "thing.done"
    assert not AuditEntry.objects.filter(event="made.up").exists()


def test_the_list_asks_few_questions(root, row, client, django_assert_max_num_queries):
    for _ in range(60):
        record("thing.done", actor=SYSTEM, target=row.content_type)
    client.force_login(root, backend=BACKEND)
    with django_assert_max_num_queries(10):
        assert client.get("/audit/auditentry/").status_code == 200
