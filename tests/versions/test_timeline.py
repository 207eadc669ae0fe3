"""One workflow's history as rows: order, marks, gaps, filters, and what may be tried again."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from catalog.models import Workflow
from snapshotter.choices import Online, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import ContentQuarantine, Snapshot, Sync, WorkflowState
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.pages.conftest import *  # noqa: F403  two versions of `orders`
from tests.pages.test_list_queries import _copy
from versions import filters
from versions.timeline import timeline


@pytest.fixture
def workflow(two_versions):
    return Workflow.objects.select_related("project__instance", "state").get(key="orders")


def rows(workflow, may_publish=True, **query):
    return timeline(workflow, query, may_publish=may_publish).rows


def add(*numbers, **fields):
    first = Snapshot.objects.get(version=1)
    made = []
    for number in numbers:
        row = _copy(first, number)
        for name, value in {"trigger": "api", "content_hash": f"{number:064x}", **fields}.items():
            setattr(row, name, value)
        made.append(row)
    Snapshot.objects.bulk_create(made)


def test_dots_say_what_each_is(workflow, project):
    add(3, status="failed", live_from=None)
    add(4, status="draft", live_from=None)
    add(5)
    ContentQuarantine.objects.create(project=project, content_hash=f"{5:064x}", reason="r", created_by_name="x")
    assert [(row.snapshot.version, row.dot) for row in rows(workflow)] == [
        (5, "kept-out"),
        (4, "never"),
        (3, "bad"),
        (2, "live"),
        (1, "was"),
    ]
    assert [row.is_quarantined for row in rows(workflow)] == [True, False, False, False, False]


def test_numbers_that_are_not_kept_are_named_but_recovered_ones_are_not_missing(workflow):
    add(3, 4, trigger="backfill")
    add(5, 9)
    shown = rows(workflow)
    assert [row.snapshot.version for row in shown] == [9, 5, 2, 1, 4, 3]
    assert [row.missing for row in shown] == [(6, 8), None, None, None, None, None]
    assert [row.is_first_recovered for row in shown] == [False, False, False, False, True, False]
    assert all(row.missing is None for row in rows(workflow, status="published")), "a filter leaves gaps of its own"


@pytest.mark.parametrize(
    ("query", "versions"),
    [
        ({"status": "failed"}, [3]),
        ({"trigger": "admin"}, [4]),
        ({"publisher": "wang.wei"}, [4]),
        ({"publisher": "wang"}, []),
        ({"text": "WANG"}, [4]),
        ({"text": "inc-22"}, [3]),
        ({"text": "补数"}, [4]),
        ({"text": "%"}, []),
        ({"since": "today"}, [3, 2, 1]),
        ({"since": "2020-01-01", "until": "2020-12-31"}, [4]),
        ({"until": "2020-06-15"}, [4]),
        ({"until": "2020-06-14"}, []),
        ({"status": "nonsense"}, [4, 3, 2, 1]),
        ({"since": "nonsense"}, [4, 3, 2, 1]),
        ({"until": "nonsense"}, [4, 3, 2, 1]),
    ],
)
def test_filters(workflow, query, versions):
    add(3, status="failed", trigger_ref="INC-2231")
    add(4, trigger="admin", published_by="wang.wei", message="补数据")
    Snapshot.objects.filter(version=4).update(created_at=timezone.make_aware(timezone.datetime(2020, 6, 15, 23, 30)))
    assert [row.snapshot.version for row in rows(workflow, **query)] == versions


def test_an_account_counts_as_publisher_where_nobody_was_named(workflow):
    Snapshot.objects.filter(version=2).update(published_by="", created_by_name="svc-platform")
    Snapshot.objects.filter(version=1).update(published_by="li.na", created_by_name="svc-platform")
    assert [row.snapshot.version for row in rows(workflow, publisher="svc-platform")] == [2]


@pytest.fixture
def failed(workflow, project, publisher, make_definition):
    """Version 3: its publish failed."""
    body = make_definition("echo 😀", name="orders")
    request = PublishRequest(
        workflow_key="orders", definition=body, origin=Origin(trigger=Trigger.API), project=project, online=Online.ON
    )
    publish(request, actor=publisher)
    run_due()
    assert Snapshot.objects.get(version=3).status == "failed"
    workflow.state.refresh_from_db()
    return workflow


def test_the_newest_failed_publish_may_be_tried_again(failed):
    assert [row.may_retry for row in rows(failed)] == [True, False, False]
    assert [row.may_retry for row in rows(failed, may_publish=False)] == [False, False, False]
    add(4)
    assert not any(row.may_retry for row in rows(failed)), "a newer one stands in the way"


def test_retry_by_the_page(failed, browse, publisher, viewer, client):
    page = browse("/workflows/orders/", publisher).content.decode()
    assert 'formaction="/workflows/orders/versions/3/retry/"' in page and '<form id="retry" method="post">' in page
    assert "DolphinScheduler was not changed" in page or "the former state was restored" in page
    assert client.post("/workflows/orders/versions/3/retry/").status_code == 302
    assert Sync.objects.latest("pk").snapshot.version == 3
    assert "/retry/" not in browse("/workflows/orders/", viewer).content.decode()


@pytest.mark.parametrize("kept", [{}, [], "x", None, {"tasks_added": "<u>1</u>"}])
def test_a_row_without_author_or_with_a_strange_summary_is_shown(workflow, browse, viewer, kept):
    Snapshot.objects.filter(version=1).update(
        change_summary=kept if kept is not None else "", published_by="", created_by_name=""
    )
    Snapshot.objects.filter(version=1).update(created_by=None, message="", live_from=None)
    page = browse("/workflows/orders/", viewer)
    text = page.content.decode()
    assert page.status_code == 200 and ">v1<" in text and "<u>1</u>" not in text and "– · <time" in text


def test_a_workflow_deleted_in_dolphin_stays_and_is_explained(workflow, browse, viewer):
    Workflow.objects.update(deleted_in_dolphin_at=timezone.now() - timedelta(days=3))
    WorkflowState.objects.update(live_state="missing")
    page = browse("/workflows/orders/", viewer).content.decode()
    assert "was deleted in DolphinScheduler" in page and "found missing" in page and ">v2<" in page
    listed = browse("/workflows/?deleted=true", viewer).content.decode()
    assert 'href="/workflows/orders/"' in listed and "deleted in DolphinScheduler, found" in listed
    assert 'href="/workflows/orders/"' not in browse("/workflows/?deleted=false", viewer).content.decode()


def test_a_long_history_is_bounded(workflow, browse, viewer, client, django_assert_max_num_queries):
    add(*range(3, 2003))
    browse("/", viewer)
    with django_assert_max_num_queries(15):
        page = client.get("/workflows/orders/?after=1000")
    assert len(page.content) < 120_000
    assert page.content.decode().count('class="v"') == 50
    filtered = client.get("/workflows/orders/?trigger=api").content.decode()
    assert "more than 1000" in filtered or "more than 1,000" in filtered


def test_a_page_with_everything_on_it_is_bounded_too(
    failed, browse, publisher, client, django_assert_max_num_queries, project
):
    """A failed publish to try again, a gap, a roll-back, recovered ones, a next page, an inventory, a schedule, a lock-free state.

    Whether it is frozen is asked on the first page alone.
    """
    from operations.models import InventoryRow, OperationItem, OperationRun

    run = OperationRun.objects.create(
        kind="inventory", instance=project.instance, project=project, actor_name="x", total=1, done=1
    )
    item = OperationItem.objects.create(
        run=run, project=project, project_code=1, project_name="w", workflow_code=failed.workflow_code, name="orders"
    )
    InventoryRow.objects.create(
        item=item, workflow=failed, limits={"snapshots": 1, "recoverable": [], "lost": [], "unsure": []}
    )
    add(*range(10, 30), trigger="backfill")
    add(*range(31, 80), trigger="capture", rollback_of=Snapshot.objects.get(version=1))
    browse("/", publisher)
    with django_assert_max_num_queries(18):
        page = client.get("/workflows/orders/")
    assert page.context["listed"].older
    with django_assert_max_num_queries(16):
        client.get(f"/workflows/orders/?after={page.context['listed'].older}")


def test_a_text_is_looked_for_in_the_newest_versions_that_the_other_filters_leave(workflow, monkeypatch):
    add(*range(3, 9))
    Snapshot.objects.filter(version__in=(3, 8)).update(message="the incident")
    Snapshot.objects.filter(version=3).update(created_at=timezone.now() - timedelta(days=9))
    everything = timeline(workflow, {"text": "incident"}, may_publish=False)
    assert [row.snapshot.version for row in everything.rows] == [8, 3] and not everything.looked_through
    monkeypatch.setattr(filters, "OF_ONE", 3)
    newest = timeline(workflow, {"text": "incident"}, may_publish=False)
    assert [row.snapshot.version for row in newest.rows] == [8] and newest.looked_through == 3
    earlier = timeline(
        workflow, {"text": "incident", "until": f"{timezone.now() - timedelta(days=8):%Y-%m-%d}"}, may_publish=False
    )
    assert [row.snapshot.version for row in earlier.rows] == [3]


def test_the_page_says_how_many_versions_were_looked_through(workflow, browse, viewer, monkeypatch):
    monkeypatch.setattr(filters, "OF_ONE", 1)
    assert "in the newest 1 versions" in browse("/workflows/orders/", viewer, data={"text": "x"}).content.decode()
    assert "in the newest" not in browse("/workflows/orders/", viewer).content.decode()


def test_what_a_publish_kept_stands_below_it_and_is_not_called_published(workflow):
    (live,) = Snapshot.objects.filter(version=2)
    add(3, trigger="before_publish", live_from=live.live_from - timedelta(seconds=1))
    add(6, trigger="before_publish", live_from=live.live_from)
    shown = rows(workflow)
    assert [row.snapshot.version for row in shown] == [6, 2, 3, 1]
    assert [row.missing for row in shown] == [(4, 5), None, None, None]
    assert [row.snapshot.is_kept for row in shown] == [True, False, True, False]
    kept = shown[2].snapshot
    assert "kept" in render_to_string("versions/status.html", {"snapshot": kept})
    assert "published" in render_to_string("versions/status.html", {"snapshot": live})
