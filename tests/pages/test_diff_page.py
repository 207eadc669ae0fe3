"""The difference page: verdicts, tabs, links that lead somewhere, and big differences that stay bounded."""

import json
import re
from html import unescape

import pytest

from snapshotter.models import Snapshot, WorkflowState
from tests.pages.conftest import CANARY

DIFF = "/workflows/orders/diff/"


def links(page):
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', page.content.decode())]


@pytest.mark.parametrize(
    ("left", "right", "says"),
    [("1", "2", "1 change"), ("2", "2", "identical"), ("published", "live", "identical"), ("live", "1", "1 change")],
)
def test_the_verdict_is_told_first(two_versions, browse, publisher, left, right, says):
    page = browse(f"{DIFF}?left={left}&right={right}", publisher).content.decode()
    assert says in re.sub(r"<[^>]+>", " ", page.split("<h1>")[1].split("</h1>")[0])


def test_a_moved_box_alone_is_hidden_and_counted(two_versions, browse, publisher, dolphin):
    code = Snapshot.objects.latest("pk").workflow_code
    [definition] = dolphin.state.definitions[code]
    task = next(iter(dolphin.state.task_log))
    definition["locations"] = json.dumps([{"taskCode": task, "x": 9, "y": 9}])
    page = browse(f"{DIFF}?left=published&right=live", publisher).content.decode()
    assert "only 1 hidden difference" in page and "Show layout (1 hidden)" in page
    shown = browse(f"{DIFF}?left=published&right=live&layout=1", publisher).content.decode()
    assert "1 change" in shown and "Hide layout" in shown


@pytest.mark.parametrize("broken", ["html", "unreachable"])
def test_what_cannot_be_compared_says_why_and_offers_a_retry(two_versions, browse, publisher, dolphin, broken):
    for _call in range(20 if broken == "html" else 0):
        dolphin.fault("html", method="GET")
    if broken == "unreachable":
        dolphin.stop()
    page = browse(f"{DIFF}?left=published&right=live", publisher)
    assert page.status_code == 200
    assert "cannot compare" in page.content.decode() and "Try again" in page.content.decode()


def test_every_link_of_every_tab_leads_somewhere(two_versions, browse, publisher):
    seen = set()
    for tab in ("summary", "graph", "tasks", "settings", "lineage"):
        for link in links(browse(f"{DIFF}?left=1&right=2&tab={tab}", publisher)):
            path = f"{DIFF}{link}" if link.startswith("?") else link
            if path.startswith("/workflows/orders/") and path not in seen:
                seen.add(path)
                assert browse(path.partition("#")[0], publisher).status_code == 200, path
    assert any("export" in path for path in seen) and any("#task-" in path for path in seen)


@pytest.mark.parametrize("query", ["tab=nothing", "page=99", "task=x", "mode=<b>", "layout=2", "left=1&left=2"])
def test_an_address_it_does_not_know_shows_the_usual(two_versions, browse, publisher, query):
    page = browse(f"{DIFF}?left=1&right=2&{query}", publisher)
    assert page.status_code == 200 and "<b>" not in page.content.decode().split("</h1>")[0].split("<h1>")[1]


@pytest.mark.parametrize(("name", "status"), [("0", 404), ("99", 404), ("x", 400), ("-1", 400), ("٣", 400)])
def test_a_version_that_is_none(two_versions, browse, publisher, name, status):
    assert browse(f"{DIFF}?left={name}&right=2", publisher).status_code == status


@pytest.mark.parametrize("format", ["json", "markdown", "jsondiff", "unified"])
def test_every_format_is_a_masked_file(two_versions, browse, publisher, format):
    answer = browse(f"{DIFF}export/?left=1&right=2&format={format}", publisher)
    text = answer.content.decode()
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert "echo two" in text and CANARY not in text


def test_a_file_that_cannot_be_made_says_why_and_is_none(two_versions, browse, publisher, dolphin):
    dolphin.stop()
    answer = browse(f"{DIFF}export/?left=1&right=live&format=markdown", publisher)
    assert answer.status_code == 409 and answer["Content-Type"].startswith("text/plain")
    assert browse(f"{DIFF}export/?left=1&right=2&format=exe", publisher).status_code == 400


def test_a_schedule_that_is_off_is_told_though_nothing_differs(two_versions, browse, publisher, dolphin):
    [schedule] = dolphin.state.schedules
    schedule["releaseState"] = "OFFLINE"
    page = browse(f"{DIFF}?left=published&right=live", publisher).content.decode()
    assert "identical" in page and "The schedule is off in DolphinScheduler; it was left on." in page
    assert "The workflow is offline" not in page


def test_a_schedule_that_is_not_known_is_called_so(two_versions, browse, publisher):
    Snapshot.objects.filter(version=2).update(schedule_hash="", schedule=None)
    page = browse(f"{DIFF}?left=1&right=2&tab=settings", publisher).content.decode()
    assert "Name, settings and parameters are the same." in page
    assert "not known" in page and "no schedule" not in page


def test_a_failed_version_is_no_version_before(two_versions, browse, publisher):
    Snapshot.objects.filter(version=2).update(change_summary={"base": 1})
    Snapshot.objects.filter(version=2).update(version=9)
    page = browse("/workflows/orders/versions/9/", publisher).content.decode()
    assert "?left=1&amp;right=9" in page and "Against v1" in page
    Snapshot.objects.filter(version=9).update(change_summary={})  # an older row: the one published before
    assert "?left=1&amp;right=9" in browse("/workflows/orders/versions/9/", publisher).content.decode()


def test_a_workflow_nobody_has_looked_at_is_shown(two_versions, browse, publisher):
    WorkflowState.objects.all().delete()
    for path in ("", "diff/?left=1&right=2", "versions/1/", "since/monday/"):
        assert browse(f"/workflows/orders/{path}", publisher).status_code == 200, path
