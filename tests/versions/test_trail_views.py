"""The trail's pages: who sees which entries, filters in the address, one entry, export, the button."""

import csv
import io
import json
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.utils import timezone

from audit import filters as trail_filters
from audit.actors import SYSTEM
from audit.context import RequestContext, request_context
from audit.models import AuditEntry, AuditVerification
from audit.record import record, record_refusal
from audit.seal import seal
from audit.verify_audit import go_on
from snapshotter.choices import Trigger
from snapshotter.import_snapshot import import_snapshot
from snapshotter.make_snapshot import Origin

BACKEND = "django.contrib.auth.backends.ModelBackend"
MARKUP = "<img src=x onerror=alert(1)>"
ADDRESS = "192.0.2.77"


@pytest.fixture
def auditor(db):
    user = User.objects.create_user("auditor", password="right password", is_staff=True)
    user.groups.add(Group.objects.get(name="Snapshotter auditors"))
    return user


@pytest.fixture
def snapshot(project, manager, make_definition):
    origin = Origin(trigger=Trigger.API, message="why")
    return import_snapshot(
        make_definition("echo 1"), project=project, workflow_key="orders", origin=origin, actor=manager
    )[0]


@pytest.fixture
def entries(snapshot, project, manager):
    """Entries of the workflow, its version, its project and somebody else's, newest last."""
    workflow = snapshot.workflow
    with request_context(RequestContext(request_id="req-12345678", address=ADDRESS)):
        return {
            "workflow": record(
                "capture.accepted",
                actor=manager,
                target=workflow,
                scope=project.scope,
                reason=MARKUP,
                changes={"mode": ("off", MARKUP)},
                detail={"n": MARKUP},
            ),
            "version": record("publish.failed", actor=manager, target=snapshot, scope=project.scope, outcome="failed"),
            "project": record_refusal(
                "project.refused", actor=manager, target=project, scope=project.scope, reason="no"
            ),
            "other": record("instance.tested", actor=SYSTEM, target=project.instance, scope="elsewhere/other"),
        }


@pytest.fixture
def get(client):
    def get(path, user, status=200):
        client.force_login(user, backend=BACKEND)
        answer = client.get(path)
        assert answer.status_code == status, path
        return answer

    return get


def shown(answer):
    return [row.entry.pk for row in answer.context["rows"]]


def ids(entries, *names):
    return [entries[name].pk for name in names]


# --- who sees what


def test_readers_see_all(get, auditor, entries):
    answer = get("/trail/", auditor)
    assert shown(answer)[:4] == ids(entries, "other", "project", "version", "workflow")
    body = answer.content.decode()
    assert MARKUP not in body and "&lt;img" in body
    assert 'href="/workflows/orders/"' in body and 'href="/workflows/orders/versions/1/"' in body
    assert "Capture: accepted" in body and 'title="publish.failed"' in body


@pytest.mark.parametrize("path", ["/trail/", "/trail/?event=publish"])
def test_others_do_not(get, manager, entries, path):
    get(path, manager, 403)


def test_the_history_of_a_workflow_is_for_those_who_may_view_it(get, viewer, outsider, auditor, entries):
    found = shown(get("/workflows/orders/history/", viewer))
    assert found[:2] == ids(entries, "version", "workflow")
    assert not {entries["other"].pk, entries["project"].pk} & set(found)
    assert shown(get("/workflows/orders/history/", auditor)) == found
    get("/workflows/orders/history/", outsider, 404)
    get("/workflows/nothing/history/", viewer, 404)


def test_a_history_holds_no_namesakes(get, viewer, entries, project, manager, make_definition):
    """Neither a workflow whose key begins alike, nor a person who is called so."""
    origin = Origin(trigger=Trigger.API)
    make = make_definition("echo 2", name="other")
    longer, _ = import_snapshot(make, project=project, workflow_key="orders2", origin=origin, actor=manager)
    person = User.objects.create_user("orders")
    strange = [record("x.done", actor=SYSTEM, target=target).pk for target in (longer, longer.workflow, person)]
    assert not set(strange) & set(shown(get("/workflows/orders/history/", viewer)))
    assert shown(get("/workflows/orders2/history/", viewer))[:2] == strange[1::-1]


def test_the_history_of_a_version_and_of_a_project(get, viewer, outsider, entries, project):
    assert shown(get("/workflows/orders/versions/1/history/", viewer))[0] == entries["version"].pk
    assert entries["workflow"].pk not in shown(get("/workflows/orders/versions/1/history/", viewer))
    assert shown(get(f"/projects/{project.pk}/history/", viewer))[:3] == ids(entries, "project", "version", "workflow")
    get("/workflows/orders/versions/9/history/", viewer, 404)
    get(f"/projects/{project.pk}/history/", outsider, 404)


def test_pages_of_objects_lead_to_their_history(get, viewer, entries):
    assert 'href="/workflows/orders/history/"' in get("/workflows/orders/", viewer).content.decode()
    body = get("/workflows/orders/versions/1/", viewer).content.decode()
    assert 'href="/workflows/orders/versions/1/history/"' in body


def test_an_address_is_for_readers_of_the_whole_trail(get, viewer, auditor, entries):
    path = f"/trail/{entries['workflow'].pk}/"
    assert ADDRESS in get(path, auditor).content.decode()
    assert ADDRESS not in get(path, viewer).content.decode()
    assert ADDRESS not in get("/workflows/orders/history/", viewer).content.decode()


@pytest.mark.parametrize("name", ["project", "other"])
def test_an_entry_of_something_else_is_not_for_viewers(get, viewer, auditor, entries, name):
    get(f"/trail/{entries[name].pk}/", viewer, 404)
    get(f"/trail/{entries[name].pk}/", auditor)


def test_an_entry_of_a_workflow_is_not_for_outsiders(get, outsider, entries):
    get(f"/trail/{entries['workflow'].pk}/", outsider, 404)
    get("/trail/99999999999999999999/", outsider, 404)


def test_an_entry_that_is_called_like_a_workflow_is_not_of_it(get, viewer, entries):
    person = User.objects.create_user("orders")
    get(f"/trail/{record('x.done', actor=SYSTEM, target=person).pk}/", viewer, 404)


# --- one entry


def test_an_entry_shows_all_and_its_neighbours(get, auditor, entries, snapshot, manager):
    later = record("publish.retried", actor=manager, target=snapshot)
    seal()
    answer = get(f"/trail/{entries['version'].pk}/", auditor)
    body = answer.content.decode()
    assert answer.context["after"].pk == later.pk
    assert answer.context["before"].event == "snapshot.imported"
    assert f'href="/trail/{later.pk}/"' in body and "not sealed yet" not in body
    body = get(f"/trail/{entries['workflow'].pk}/", auditor).content.decode()
    assert MARKUP not in body and "&lt;img" in body
    assert "req-12345678" in body and "sandbox/warehouse" in body


# --- filters


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("event=publish", ["version"]),
        ("event=publish.", ["version"]),
        ("event=capture.accepted", ["workflow"]),
        ("event=nothing", []),
        ("outcome=refused", ["project"]),
        ("outcome=failed&event=publish", ["version"]),
        ("outcome=failed&event=capture", []),
        ("actor=manager&event=project", ["project"]),
        ("actor=nobody", []),
        ("object=orders&event=capture", ["workflow"]),
        ("project=elsewhere/other", ["other"]),
        ("field=mode&event=capture", ["workflow"]),
        ("field=mod", []),
        ("text=ELSEWHERE", ["other"]),
        ("text=%3Cimg", ["workflow"]),
        ("text=nowhere", []),
        ("request_id=req-12345678&outcome=refused", ["project"]),
        ("until=2020-01-01", []),
        ("since=2999-01-01", []),
    ],
)
def test_filters(get, auditor, entries, query, names):
    assert shown(get(f"/trail/?{query}", auditor)) == ids(entries, *names)


def test_days_are_whole_and_in_the_readers_zone(get, auditor, entries):
    today = timezone.localdate()
    assert len(shown(get(f"/trail/?since={today}&until={today}", auditor))) >= 4
    moment = entries["project"].timestamp.isoformat().replace("+", "%2B")
    assert shown(get(f"/trail/?since={moment}", auditor)) == ids(entries, "other", "project")


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "until=2026-02-30", "since=0001-01-01T00:00:00%2B14:00", "outcome=x", "event=" + "x" * 65],
)
def test_what_can_not_be_read_is_passed_over_and_said(get, auditor, entries, query):
    answer = get(f"/trail/?{query}", auditor)
    assert answer.context["problems"] == [query.partition("=")[0]]


def test_a_long_trail_is_looked_through_from_its_end(get, auditor, entries, monkeypatch):
    monkeypatch.setattr(trail_filters, "LATEST", 2)
    answer = get("/trail/?text=img", auditor)
    assert shown(answer) == [] and "newest 2 entries" in answer.content.decode()
    assert shown(get("/trail/?text=img&event=capture", auditor)) == ids(entries, "workflow")


def test_it_pages(get, auditor, project):
    made = [record("x.done", actor=SYSTEM, target=project).pk for _ in range(60)]
    first = get("/trail/?event=x", auditor)
    assert shown(first) == made[:9:-1]
    assert shown(get(f"/trail/?event=x&after={quote(first.context['listed'].older)}", auditor)) == made[9::-1]


def test_reading_writes_nothing(get, auditor, manager, entries):
    kept = AuditEntry.objects.count()
    for path in ("/trail/", f"/trail/{entries['other'].pk}/", "/workflows/orders/history/"):
        get(path, auditor)
    assert (AuditEntry.objects.count(), AuditVerification.objects.count()) == (kept, 0)
    get("/trail/", manager, 403)
    refused = AuditEntry.objects.get(event="audit.refused")
    assert (refused.actor_name, refused.outcome, AuditEntry.objects.count()) == ("manager", "refused", kept + 1)


def test_it_is_chinese_too(get, auditor, entries, client):
    client.cookies["django_language"] = "zh-hans"
    body = get("/trail/", auditor).content.decode()
    assert "采集：已受理" in body and "审计记录" in body


# --- the chain


def test_the_chains_state_and_the_button(get, auditor, manager, entries, client):
    seal()
    assert "never verified" in get("/trail/", auditor).content.decode()
    answer = client.post("/trail/verify/", follow=True)
    assert "being verified" in answer.content.decode()
    go_on(60.0)
    body = get("/trail/", auditor).content.decode()
    assert f"verified to entry {AuditEntry.objects.get(event='instance.tested').pk}" in body
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET reason = %s WHERE id = %s", [MARKUP, entries["version"].pk])
    client.post("/trail/verify/")
    go_on(60.0)
    body = get("/trail/", auditor).content.decode()
    assert "1 finding" in body and "altered" in body and "publish.failed" in body
    assert body.count("not sound") == 1
    entry = get(f"/trail/{entries['version'].pk}/", auditor).content.decode()
    assert "rely on this entry" in entry and "the entry is not what was sealed" in entry
    assert "rely on this entry" not in get(f"/trail/{entries['project'].pk}/", auditor).content.decode()
    client.force_login(manager, backend=BACKEND)
    assert client.post("/trail/verify/").status_code == 403
    assert AuditEntry.objects.filter(event="audit.refused", actor_name="manager").count() == 1
    assert client.get("/trail/verify/").status_code == 405


# --- exports


def export(client, user, form, query=""):
    client.force_login(user, backend=BACKEND)
    answer = client.post(f"/trail/export.{form}?{query}")
    return answer, b"".join(answer.streaming_content).decode() if answer.streaming else ""


def test_json_lines(client, auditor, entries):
    answer, text = export(client, auditor, "jsonl", "outcome=failed")
    (row,) = map(json.loads, text.splitlines())
    assert (row["event"], row["object"], row["actor"]) == ("publish.failed", "orders v1", "manager")
    assert (row["object_type"], row["address"], row["project"]) == (
        "snapshotter.snapshot",
        ADDRESS,
        "sandbox/warehouse",
    )
    assert 'filename="audit.jsonl"' in answer["Content-Disposition"]
    taken = AuditEntry.objects.get(event="audit.exported")
    assert (taken.actor_name, taken.additional_data) == (
        "auditor",
        {"form": "jsonl", "filters": {"outcome": "failed"}},
    )


@pytest.mark.parametrize("query", ["since=yesterday", "outcome=bogus", "event=x&until=2026-02-30"])
def test_an_export_by_a_filter_that_says_nothing_is_refused(client, auditor, entries, query):
    answer, _ = export(client, auditor, "jsonl", query)
    assert (answer.status_code, answer.streaming) == (400, False)
    assert query.rpartition("&")[2].partition("=")[0] in answer.content.decode()
    assert not AuditEntry.objects.filter(event="audit.exported").exists()


def test_csv_is_neutralised(client, auditor, project, monkeypatch):
    for reason in ("=1+1", "+1", "-1", "@x", "\tx", "plain, with comma\nand line"):
        record("x.done", actor=SYSTEM, target=project, reason=reason, detail={"a": "=1"})
    _, text = export(client, auditor, "csv", "event=x.done")
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert [row["reason"] for row in rows] == ["plain, with comma\nand line", "'\tx", "'@x", "'-1", "'+1", "'=1+1"]
    assert rows[0]["detail"] == '{"a": "=1"}' and rows[0]["event"] == "x.done"


def test_an_export_is_complete_whatever_its_length(client, auditor, project, monkeypatch):
    monkeypatch.setattr("audit.export._BATCH", 3)
    made = [record("x.done", actor=SYSTEM, target=project).pk for _ in range(10)]
    moment = f"{timezone.now():%Y-%m-%d %H:%M:%S.%f}"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET timestamp = %s WHERE id IN (%s, %s, %s, %s)", [moment, *made[2:6]])
    _, text = export(client, auditor, "jsonl", "event=x.done")
    assert sorted(json.loads(line)["id"] for line in text.splitlines()) == made


def test_an_export_without_the_right_is_refused_and_told(client, manager, entries):
    answer, _ = export(client, manager, "csv")
    assert answer.status_code == 403
    assert AuditEntry.objects.get(event="audit.refused").actor_name == "manager"
    assert client.get("/trail/export.csv").status_code == 405
