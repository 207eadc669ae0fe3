"""Pages of inventory and runs: shown to those who may, nothing written by GET, escaped, bounded; files that open safely."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from operations.choices import RunKind, RunState
from operations.models import InventoryRow, OperationItem, OperationRun
from operations.run_slice import run_slice
from operations.start import start

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def see(client):
    def get(path, user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client.get(path)

    return get


@pytest.fixture
def inventory(make, do, raw, project):
    """Two workflows: one captured, one with a name for trouble and a risk."""
    make("orders")
    do(RunKind.BASELINE)
    asleep = make(f"=1+1 {MARKUP}")
    raw.release(project.code, asleep, "ONLINE")
    raw.create_schedule(project.code, asleep, "0 0 3 * * ? *", online=True)
    raw.call("GET", f"/projects/{project.code}/process-definition/{asleep}/versions/1")
    return do(RunKind.INVENTORY)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "path",
    [
        "/projects/{project}/inventory/",
        "/runs/{run}/",
        "/runs/{run}/?level=2&risk=sleeping_schedule&covered=no&online=no&q=1",
        "/runs/{baseline}/",
        "/runs/{baseline}/?outcome=captured",
    ],
)
def test_page(path, language, inventory, see, viewer, project, client, dolphin):
    client.cookies["django_language"] = language
    baseline = OperationRun.objects.get(kind=RunKind.BASELINE)
    see("/healthz", viewer)
    kept = AuditEntry.objects.count(), OperationRun.objects.count(), len(dolphin.log)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path.format(project=project.pk, run=inventory.pk, baseline=baseline.pk))
    assert page.status_code == 200
    text = page.content.decode()
    assert MARKUP not in text
    assert ("工作流" in text) == (language == "zh-hans")
    assert len(queries) <= 16, [query["sql"][:90] for query in queries]
    assert (AuditEntry.objects.count(), OperationRun.objects.count(), len(dolphin.log)) == kept
    assert "Refresh" not in page


@pytest.mark.parametrize("path", ["/projects/{project}/inventory/", "/runs/{run}/", "/runs/{run}/export.csv"])
def test_nobody_else_sees_it(path, inventory, see, outsider, project, client):
    path = path.format(project=project.pk, run=inventory.pk)
    assert see(path, outsider).status_code == 404
    client.logout()
    assert client.get(path).status_code == 302


def test_an_instance_is_for_superusers(see, manager, root, project, instance, client):
    path = f"/instances/{instance.pk}/inventory/"
    assert see(path, manager).status_code == 403
    assert client.post(f"/instances/{instance.pk}/runs/", {"kind": "inventory"}).status_code == 403
    assert see(path, root).status_code == 200
    assert client.post(f"/instances/{instance.pk}/runs/", {"kind": "inventory"}).status_code == 302
    run = OperationRun.objects.get()
    assert see(f"/runs/{run.pk}/", manager).status_code == 404


def test_filters_choose_rows(inventory, see, viewer):
    def names(query):
        return [row["found"].item.name for row in see(f"/runs/{inventory.pk}/?{query}", viewer).context["rows"]]

    assert len(names("")) == 2
    assert names("covered=yes") == ["orders"]
    assert names("risk=sleeping_schedule") == [f"=1+1 {MARKUP}"]
    assert names("risk=deleted") == []
    assert names("level=2&covered=yes") == []
    assert names("q=orders&online=no") == ["orders"]


def test_the_empty_the_running_and_the_failed_state(see, publisher, project, make, client, dolphin):
    assert "No inventory has been taken yet" in see(f"/projects/{project.pk}/inventory/", publisher).content.decode()
    make("w")
    answer = client.post(f"/projects/{project.pk}/runs/", {"kind": "baseline"})
    path = answer["Location"]
    page = client.get(path)
    assert (page["Refresh"], "Waiting for a worker" in page.content.decode()) == ("2", True)
    again = client.post(f"/projects/{project.pk}/runs/", {"kind": "baseline"})
    assert again["Location"] == path
    run = OperationRun.objects.get()
    run_slice(run.pk, -1.0)
    assert '<progress class="wide" value="0" max="1"' in client.get(path).content.decode()
    dolphin.fault("unauthorized")
    run_slice(run.pk, 60.0)
    text = client.get(path).content.decode()
    assert "dolphin_unauthorized" in text and "Resume" in text


def test_cancel_and_resume_by_the_page(see, publisher, viewer, project, make, client):
    make("w")
    run, _ = start(RunKind.BASELINE, instance=project.instance, project=project, actor=publisher)
    see(f"/runs/{run.pk}/", viewer)
    assert client.post(f"/runs/{run.pk}/act/", {"act": "cancel"}).status_code == 403
    assert client.post(f"/projects/{project.pk}/runs/", {"kind": "inventory"}).status_code == 403
    see(f"/runs/{run.pk}/", publisher)
    for act, state in (("cancel", RunState.CANCELLED), ("resume", RunState.QUEUED)):
        assert client.post(f"/runs/{run.pk}/act/", {"act": act}).status_code == 302
        run.refresh_from_db()
        assert run.state == state
    assert client.post(f"/runs/{run.pk}/act/", {"act": "explode"}).status_code == 400
    assert client.get(f"/runs/{run.pk}/act/").status_code == 405


def test_csv_and_markdown(inventory, see, viewer):
    answer = see(f"/runs/{inventory.pk}/export.csv", viewer)
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["workflow"] for row in rows] == [f"'=1+1 {MARKUP}", "orders"]
    assert rows[0]["risks"].startswith("Its schedule is on while")
    assert rows[1]["rollback"] == "Can go back to 1 version."
    text = see(f"/runs/{inventory.pk}/export.md", viewer).content.decode()
    assert "2 workflows, 0 online, 1 covered by a version, 0 temporary." in text
    assert MARKUP not in text and "&lt;img" in text
    filtered = see(f"/runs/{inventory.pk}/export.csv?covered=yes", viewer).content.decode()
    assert len(filtered.splitlines()) == 2
    baseline = OperationRun.objects.get(kind=RunKind.BASELINE)
    assert "captured" in see(f"/runs/{baseline.pk}/export.csv", viewer).content.decode()
    assert see(f"/runs/{baseline.pk}/export.md", viewer).status_code == 404


def test_a_thousand_workflows_are_paged(inventory, see, viewer, project):
    items = [
        OperationItem(
            run=inventory, project=project, project_code=project.code, project_name="p", workflow_code=n, name=f"w{n}"
        )
        for n in range(1, 1001)
    ]
    OperationItem.objects.bulk_create(items)
    InventoryRow.objects.bulk_create(
        InventoryRow(item=item) for item in inventory.items.filter(workflow_code__lte=1000)
    )
    see("/healthz", viewer)
    with CaptureQueriesContext(connection) as queries:
        page = see(f"/runs/{inventory.pk}/?page=3", viewer)
    assert len(page.context["rows"]) == 50
    assert len(queries) <= 19  # six of them sign in
