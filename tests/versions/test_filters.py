"""Filters of the list of workflows; those of versions are tried with the timeline and the API."""

import pytest
from django.utils import timezone

from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from snapshotter.models import Snapshot
from tests.pages.conftest import *  # noqa: F403  two versions of `orders`
from versions.filters import SnapshotFilter, WorkflowFilter


@pytest.fixture
def some(project):
    other = Instance.objects.create(name="second", base_url="http://127.0.0.1:1/dolphinscheduler")
    record = Project.objects.create(instance=other, code=5, name="lake", mode=Mode.RECORD)
    Workflow.objects.create(key="a.Orders", name="每日订单", project=project)
    Workflow.objects.create(key="a.users", name="Users_100%", project=project, deleted_in_dolphin_at=timezone.now())
    Workflow.objects.create(key="b.orders", name="orders", project=record)
    return {"warehouse": project.pk, "lake": record.pk, "second": other.pk}


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({"q": "ORDERS"}, ["a.Orders", "b.orders"]),
        ({"q": "订单"}, ["a.Orders"]),
        ({"q": "100%"}, ["a.users"]),
        ({"q": "s_1"}, ["a.users"]),
        ({"q": "_"}, ["a.users"]),
        ({"q": "users\norders"}, []),
        ({"mode": "record"}, ["b.orders"]),
        ({"deleted": "true"}, ["a.users"]),
        ({"deleted": "false"}, ["a.Orders", "b.orders"]),
        ({"deleted": "?"}, ["a.Orders", "a.users", "b.orders"]),
        ({"project": "lake"}, ["b.orders"]),
        ({"instance": "second"}, ["b.orders"]),
        ({"instance": "second", "mode": "publish"}, []),
        ({"project": "99999999999999999999"}, ["a.Orders", "a.users", "b.orders"]),
    ],
)
def test_workflows(some, query, keys):
    values = {name: str(some.get(value, value)) for name, value in query.items()}
    found = WorkflowFilter(values, queryset=Workflow.objects.order_by("key")).qs
    assert [row.key for row in found] == keys


@pytest.mark.parametrize("value", ["x", "1.5", "-1", "NaN", "1e400", "\0"])
def test_what_is_no_number_shows_no_error(some, browse_workflows, value):
    page = browse_workflows(project=value)
    assert page.status_code == 200 and "passed over: project" in page.content.decode()


@pytest.fixture
def browse_workflows(client, viewer):
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    return lambda **query: client.get("/workflows/", query)


@pytest.mark.database
@pytest.mark.parametrize(
    ("text", "versions"),
    [("LOAD_dwd", [2]), ("通知", [2]), ("modified", []), ("why", [1, 2]), ("no such", [])],
)
def test_a_version_is_found_by_a_task_it_changed(two_versions, text, versions):
    names = {"added": [], "modified": ["load_DWD", "通知 notify"], "removed": []}
    Snapshot.objects.filter(version=1).update(change_summary={})
    Snapshot.objects.filter(version=2).update(change_summary={"names": names})
    found = SnapshotFilter({"text": text}, queryset=Snapshot.objects.order_by("-version")).qs
    assert sorted(row.version for row in found) == versions
