"""Every page: shown to those who may, 404 to those who may not, escaped, masked, writes nothing, bounded in queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.work import run_due
from tests.pages.conftest import CANARY, MARKUP

PAGES = [
    "/",
    "/workflows/",
    "/workflows/?q=orders",
    "/workflows/orders/",
    "/workflows/orders/?status=published&text=why",
    "/workflows/orders/?since=monday&until=2099-01-01&publisher=x",
    "/workflows/orders/since/today/",
    "/changes/?since=monday",
    "/workflows/orders/versions/1/",
    "/workflows/orders/versions/1/canonical.json",
    "/workflows/orders/diff/?left=1&right=2",
    "/workflows/orders/diff/?left=published&right=live",
    *(f"/workflows/orders/diff/?left=1&right=2&tab={tab}" for tab in ("graph", "tasks", "settings", "lineage")),
    "/workflows/orders/diff/?left=1&right=2&tab=tasks&mode=unified&layout=1",
    *(f"/workflows/orders/versions/2/?tab={tab}" for tab in ("definition", "graph", "lineage", "journal")),
    "/workflows/orders/versions/2/?find=echo",
    "/workflows/orders/versions/2/dolphinscheduler.json",
    "/workflows/orders/diff/export/?left=1&right=2",
    "/workflows/orders/publish/",
    "/syncs/{sync}/",
    "/projects/{project}/workflows/",
]


MOST = {"/": 17, "/workflows/orders/": 16}  # queries; what apps above say there costs one or two


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page(path, language, two_versions, browse, publisher, project, dolphin, client):
    client.cookies["django_language"] = language
    path = path.format(sync=two_versions.pk, project=project.pk)
    kept, calls = _counts(), len([call for call in dolphin.log if call.method != "GET" and "list" not in call.path])
    browse("/healthz", publisher)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path)
    assert page.status_code == 200
    text = page.content.decode()
    assert CANARY not in text
    if "json" not in path and "export" not in path:
        assert MARKUP not in text
        assert f'lang="{"zh-hans" if language == "zh-hans" else "en"}"' in text
        assert ("工作流" in text) == (language == "zh-hans")
    assert len(queries) <= MOST.get(path, 15), [query["sql"][:80] for query in queries]
    assert _counts() == kept
    assert len([call for call in dolphin.log if call.method != "GET" and "list" not in call.path]) == calls


def _counts():
    return [model.objects.count() for model in (Snapshot, Sync, AuditEntry)]


@pytest.mark.parametrize(
    "path", [path for path in PAGES if path.split("?")[0] not in ("/", "/workflows/", "/changes/")]
)
def test_a_stranger_finds_nothing(path, two_versions, browse, outsider, project, client):
    path = path.format(sync=two_versions.pk, project=project.pk)
    assert browse(path, outsider).status_code == 404
    client.logout()
    assert client.get(path).status_code == 302


def test_lists_hide_what_one_may_not_see(two_versions, browse, outsider):
    for path in ("/", "/workflows/", "/changes/"):
        assert "orders" not in browse(path, outsider).content.decode()


def test_a_viewer_sees_but_may_not_publish(two_versions, browse, viewer, client):
    page = browse("/workflows/orders/", viewer).content.decode()
    assert "disabled" in page and 'href="/workflows/orders/publish/"' not in page
    assert client.get("/workflows/orders/publish/").status_code == 403
    assert client.post("/workflows/orders/capture/").status_code == 403
    assert AuditEntry.objects.filter(outcome="refused").count() == 2


def test_publishing_by_the_page_keeps_the_secret_that_was_masked(two_versions, browse, publisher, client, dolphin):
    page = browse("/workflows/orders/publish/", publisher)
    form = page.context["form"]
    text = form.initial["definition"]
    assert CANARY not in text and "secret:" in text
    data = {
        "definition": text.replace("echo two", "echo three"),
        "message": "by hand",
        "base": 2,
        "online": "keep",
        "schedule": "keep",
    }
    answer = client.post("/workflows/orders/publish/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    run_due()
    sync = Sync.objects.latest("pk")
    assert (sync.state, sync.snapshot.trigger, sync.snapshot.version) == ("succeeded", "admin", 3)
    scripts = [row["taskParams"] for rows in dolphin.state.task_log.values() for row in rows[-1:]]
    assert any(f"{CANARY}2" in script and "echo three" in script for script in scripts)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"definition": "{"}, "not valid JSON"),
        ({"definition": "[]"}, "one JSON object"),
        ({"message": ""}, "required"),
        ({"base": "1"}, "not the published one"),
    ],
)
def test_a_form_that_is_wrong_says_so_and_keeps_nothing(two_versions, browse, publisher, client, change, says):
    form = browse("/workflows/orders/publish/", publisher).context["form"]
    good = {
        "definition": form.initial["definition"].replace("two", "x"),
        "message": "m",
        "base": 2,
        "online": "keep",
        "schedule": "keep",
    }
    answer = client.post("/workflows/orders/publish/", {**good, **change})
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert Snapshot.objects.count() == 2


def test_capture_by_the_page(two_versions, browse, publisher, client):
    browse("/workflows/orders/", publisher)
    answer = client.post("/workflows/orders/capture/", {"message": "look"})
    sync = Sync.objects.latest("pk")
    assert answer["Location"] == f"/syncs/{sync.pk}/"
    assert client.get(answer["Location"])["Refresh"] == "2"
    run_due()
    assert "Refresh" not in client.get(answer["Location"])


def test_a_capture_says_what_is_off_that_was_left_on(two_versions, browse, publisher, client, dolphin):
    [schedule] = dolphin.state.schedules
    schedule["releaseState"] = "OFFLINE"
    browse("/workflows/orders/", publisher)
    client.post("/workflows/orders/capture/", {"message": "look"})
    run_due()
    sync = Sync.objects.latest("pk")
    assert sync.result["gone_off"] == ["schedule"]
    assert "The schedule is off in DolphinScheduler" in client.get(f"/syncs/{sync.pk}/").content.decode()


def test_a_failed_publish_shows_in_the_list(two_versions, browse, publisher):
    assert "v2 failed" not in browse("/workflows/", publisher).content.decode()
    WorkflowState.objects.update(failed_version=2)
    assert "v2 failed" in browse("/workflows/", publisher).content.decode()
