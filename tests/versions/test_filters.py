"""Filters of the list of workflows; those of versions are tried with the timeline and the API."""

import pytest
from django.utils import timezone

from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from versions.filters import WorkflowFilter


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
