"""What no list may ask, however long it is: a count of all rows, DISTINCT, an OFFSET, an inner join under a sorted page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from audit.models import AuditEntry
from audit.record import record
from catalog.models import Workflow
from snapshotter.models import Snapshot, WorkflowState
from tests.pages.conftest import *  # noqa: F403  the same workflow

LISTS = [
    *("/", "/workflows/", "/workflows/?state=in_sync", "/workflows/?q=x", "/workflows/orders/", "/freezes/"),
    *("/changes/", "/changes/?since=monday&status=published", "/workflows/?deleted=false&mode=publish&project=1"),
    *("/workflows/orders/?text=why", "/workflows/orders/?status=published&trigger=api"),
    *("/audit/auditentry/", "/audit/auditentry/?outcome__exact=ok", "/audit/auditentry/?q=thing.done"),
    *("/audit/auditentry/?q=thing", "/catalog/project/", "/catalog/project/?mode__exact=publish", "/catalog/instance/"),
    *("/trail/", "/trail/?event=thing", "/trail/?outcome=ok&event=thing.done", "/trail/?text=thing&field=mode"),
    *("/workflows/orders/history/", "/workflows/orders/versions/1/history/", "/projects/PROJECT/history/"),
    *("/drift/", "/drift/?state=closed&severity=high", "/ignored-fields/"),
    *("/auth/user/", "/axes/accessattempt/", "/axes/accesslog/", "/axes/accessfailurelog/"),
]
STORIES = ("workflow_definition_snapshot", "audit_entry", "axes_", "auth_user")


@pytest.fixture
def many(two_versions, project):
    """More rows than a page holds, of each kind."""
    Workflow.objects.bulk_create([Workflow(key=f"w{n:03}", name=f"x{n}", project=project) for n in range(60)])
    rows = Workflow.objects.exclude(key="orders")
    WorkflowState.objects.bulk_create([WorkflowState(workflow=row, live_state="in_sync") for row in rows])
    first = Snapshot.objects.get(version=1)
    Snapshot.objects.bulk_create([_copy(first, number) for number in range(3, 70)])
    for _ in range(60):
        record("thing.done", actor=SYSTEM, target=project)
    record("thing.refused", actor=SYSTEM, target=project, outcome="refused")


def _copy(snapshot, version):
    fields = {field.attname: getattr(snapshot, field.attname) for field in Snapshot._meta.concrete_fields}
    trigger = "backfill" if version < 10 else "api"
    return Snapshot(**{**fields, "id": None, "version": version, "trigger": trigger})


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("turn", ["", "before="])
def test_a_list_is_bounded(path, turn, many, browse, root, client, project):
    path = path.replace("PROJECT", str(project.pk))
    browse("/", root)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path + (("&" if "?" in path else "?") + turn if turn else ""))
    assert page.status_code == 200
    spoken = [query["sql"].replace("`", '"') for query in queries]
    # The inventory's panel looks at one workflow by its key, and counts its versions in an index.
    asked = [sql for sql in spoken if any(f'FROM "{name}' in sql for name in STORIES) and "inventory_row" not in sql]
    assert asked or path.startswith(("/workflows/?", "/catalog", "/freezes", "/workflows/", "/drift", "/ignored"))
    for sql in asked:
        assert "DISTINCT" not in sql and "OFFSET" not in sql.replace("LIMIT 1 OFFSET 10000", ""), sql
        if "COUNT(" in sql and 'FROM "dolphin_workflow"' not in sql:  # the figures count workflows, not their versions
            assert re.search(r"FROM \(SELECT .* LIMIT \d+\)", sql, re.DOTALL), sql
        if "ORDER BY" in sql and "LIMIT" in sql:
            assert "INNER JOIN" not in sql, sql
    assert len(queries) <= 15, [query["sql"][:90] for query in queries]


def test_the_whole_history_is_walked_recovered_ones_last(many, browse, publisher):
    path, numbers = "/workflows/orders/", []
    while path:
        page = browse(path, publisher)
        numbers += [row.version for row in page.context["listed"]]
        older = page.context["listed"].older
        path = f"/workflows/orders/?after={older}" if older else ""
    assert numbers == [*range(69, 9, -1), 2, 1, *range(9, 2, -1)]
    assert [row.version for row in browse("/workflows/orders/?before=", publisher).context["listed"]][-2:] == [4, 3]


def test_filters_stay_while_one_turns_pages(many, browse, publisher):
    text = browse("/workflows/?state=in_sync", publisher).content.decode()
    assert re.search(r'href="\?state=in_sync&amp;after=w\d+"', text) and "61 in all" in text


def test_the_trail_is_walked(many, browse, root):
    path, seen = "/audit/auditentry/?q=thing.done", []
    while path:
        page = browse(path, root).context["cl"]
        seen += [row.pk for row in page.result_list]
        path = (
            f"/audit/auditentry/?q=thing.done&after={page.pages.older.replace('+', '%2B')}" if page.pages.older else ""
        )
    assert seen == list(
        AuditEntry.objects.filter(event="thing.done").order_by("-timestamp", "-id").values_list("pk", flat=True)
    )
    assert len(seen) == 60


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("thing.refused", {"thing.refused"}),
        ("thing.ref", {"thing.refused"}),
        ("thing", {"thing.done", "thing.refused"}),
        ("%", set()),
    ],
)
def test_the_trail_is_searched(many, browse, root, text, events):
    found = browse("/audit/auditentry/", root, data={"q": text}).context["cl"].result_list
    assert {row.event for row in found} == events


def test_a_new_search_begins_at_its_first_page(many, browse, root):
    page = browse("/audit/auditentry/?after=2020-01-01T00:00:00%2B00:00~1&outcome__exact=ok", root).content.decode()
    form = page[page.index('id="changelist-search"') :].split("</form>")[0]
    links = page[page.index('id="changelist-filter"') :].split("</nav>")[0]
    assert 'name="after"' not in form and 'name="outcome__exact"' in form
    assert "outcome__exact=refused" in links and "after=2020" not in links
