"""GET audit: all for readers of the trail, the history of a workflow for those who may view it."""

import pytest
from django.contrib.auth.models import Group, User

from audit.actors import SYSTEM
from audit.context import RequestContext, request_context
from audit.models import AuditEntry
from audit.record import record
from audit.seal import seal
from snapshotter.choices import Trigger
from snapshotter.import_snapshot import import_snapshot
from snapshotter.make_snapshot import Origin


@pytest.fixture
def auditor(db):
    user = User.objects.create_user("auditor")
    user.groups.add(Group.objects.get(name="Snapshotter auditors"))
    return user


@pytest.fixture
def entry(project, manager, make_definition):
    body, origin = make_definition("echo 1"), Origin(trigger=Trigger.API)
    snapshot = import_snapshot(body, project=project, workflow_key="orders", origin=origin, actor=manager)[0]
    with request_context(RequestContext(address="192.0.2.77")):
        return record("publish.failed", actor=manager, target=snapshot, scope=project.scope, changes={"a": (1, 2)})


@pytest.fixture
def ask(client):
    def ask(user, query="", status=200):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(f"/api/v1/audit{query}")
        assert answer.status_code == status, answer.content
        return answer.json()

    return ask


def test_readers_get_all(ask, auditor, entry):
    seal()
    body = ask(auditor, "?event=publish")
    (row,) = body["results"]
    assert (row["id"], row["event"], row["address"], row["changes"]) == (
        entry.pk,
        "publish.failed",
        "192.0.2.77",
        {"a": ["1", "2"]},
    )
    assert row["sequence"] and row["timestamp"].endswith("Z")
    assert body["next"] is None


def test_others_get_the_history_of_what_they_may_view(ask, viewer, outsider, entry, project):
    assert ask(viewer, status=403)["code"] == "not_allowed"
    assert AuditEntry.objects.get(event="audit.refused").actor_name == "viewer"
    rows = ask(viewer, "?workflow=orders")["results"]
    assert rows[0]["id"] == entry.pk and {row["object"] for row in rows} <= {"orders", "orders v1"}
    assert {row["address"] for row in rows} == {None}
    assert ask(outsider, "?workflow=orders", 404)["code"] == "not_found"
    assert ask(viewer, "?workflow=%00", 404)["code"] == "not_found"


@pytest.mark.parametrize(
    "query",
    ["?outcome=x", "?since=yesterday", "?nonsense=1", "?page_size=0", "?cursor=cD1ub25zZW5zZQ==", "?event=a&event=b"],
)
def test_what_makes_no_sense_is_refused(ask, auditor, entry, query):
    assert ask(auditor, query, 400)["code"] == "invalid_request"


def test_it_pages(ask, auditor, project, client):
    made = [record("x.done", actor=SYSTEM, target=project).pk for _ in range(5)]
    seen, address = [], "?event=x&page_size=2"
    while address:
        body = ask(auditor, address)
        seen += [row["id"] for row in body["results"]]
        address = "?" + body["next"].partition("?")[2] if body["next"] else ""
    assert seen == made[::-1]


def test_without_signing_in(client, db):
    assert client.get("/api/v1/audit").status_code == 401
