"""The reading API: filters, parameters that are unknown, formats of a difference, ETags, and how many queries it takes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Workflow
from snapshotter.models import Snapshot
from snapshotter.work import run_due


@pytest.fixture
def publish(api, good_body, make_definition):
    """Publish orders with the given scripts, or another workflow; codes of tasks differ between workflows."""

    def run(*scripts, key="orders", **more):
        body = {**good_body, **more}
        if scripts:
            body["definition"] = make_definition(*scripts)
        body["definition"] = {**body["definition"], "name": more.get("label", body["definition"]["name"])}
        answer = api("post", f"workflows/{key}/publish", body=body)
        assert answer.status_code in (200, 202), answer.content
        run_due()
        return answer.json()

    return run


@pytest.fixture
def two(publish):
    """Two versions of orders; the second changes a script that holds a secret."""
    publish("export PASSWORD=hunter2\necho a")
    publish("export PASSWORD=hunter3\necho b")


def keys(answer):
    assert answer.status_code == 200, answer.content
    return [row["key"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=ORD", True),
        ("text=daily", True),
        ("text=nothing", False),
        ("instance=sandbox", True),
        ("instance=other", False),
        ("state=in_sync", True),
        ("state=drifted", False),
        ("mode=publish", True),
        ("mode=record", False),
        ("deleted=false", True),
        ("deleted=true", False),
        ("project=1", False),
        ("text=ord&mode=publish&deleted=false", True),
    ],
)
def test_workflows_are_filtered(api, publish, query, found):
    publish()
    assert keys(api("get", f"workflows?{query}")) == (["orders"] if found else [])


def test_workflows_of_a_project_and_deleted_ones(api, publish, project):
    publish()
    assert keys(api("get", f"workflows?project={project.code}")) == ["orders"]
    Workflow.objects.update(deleted_in_dolphin_at=timezone.now())
    assert keys(api("get", "workflows?deleted=true")) == ["orders"]


@pytest.mark.parametrize(
    "query", ["state=x", "mode=x", "deleted=maybe", "project=x", "project=0", f"project={2**70}", "text=%00"]
)
def test_a_filter_that_makes_no_sense_is_refused(api, publish, query):
    answer = api("get", f"workflows?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert query.partition("=")[0] in answer.json()["extra"]["fields"]


READS = ["workflows", "workflows/orders", "workflows/orders/versions", "workflows/orders/versions/1", "snapshots"]
READS += ["workflows/orders/diff", "workflows/orders/missed-fires"]


@pytest.mark.parametrize("path", READS)
def test_an_unknown_parameter_is_refused_by_name(api, publish, path):
    publish()
    answer = api("get", f"{path}?sicne=2026")
    assert (answer.status_code, answer.json()["code"], answer.json()["extra"]) == (
        400,
        "invalid_request",
        {"field": "sicne"},
    )
    assert "Unknown parameter sicne. Known ones: " in answer.json()["message"]
    assert api("get", f"{path}?sicne=2026", as_="").status_code == 401


@pytest.mark.parametrize("query", ["content=yes", "content=1", "content="])
def test_a_flag_is_true_or_false(api, publish, query):
    publish()
    assert api("get", f"workflows/orders/versions/1?{query}").json()["message"] == "content is true or false."


def test_a_version_comes_without_its_content_unless_asked(api, two):
    version = Snapshot.objects.get(version=2)
    for path in ("workflows/orders/versions/2", "workflows/orders/versions/published", f"snapshots/{version.pk}"):
        brief, whole = api("get", path), api("get", f"{path}?content=true")
        assert whole.json().keys() - brief.json().keys() == {
            "definitions_json",
            "relations_json",
            "layout_json",
            "schedule_json",
        }
        assert b"hunter" not in whole.content


def test_latest_is_the_newest_and_published_the_pointer(api, two):
    Snapshot.objects.filter(version=2).update(status="failed")
    Workflow.objects.get().state.__class__.objects.update(published=Snapshot.objects.get(version=1))
    assert api("get", "workflows/orders/versions/latest").json()["version"] == 2
    assert api("get", "workflows/orders/versions/published").json()["version"] == 1


@pytest.mark.parametrize(
    ("format", "content_type", "holds"),
    [
        ("json", "application/json", '"kind": "task_modified"'),
        ("markdown", "text/markdown; charset=utf-8", "+echo b"),
        ("jsondiff", "application/json", '"diff": {'),
        ("unified", "text/x-diff; charset=utf-8", "--- v1\n+++ live\n"),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/markdown", "application/json"])
def test_a_difference_in_each_format(api, two, format, content_type, holds, accept):
    answer = api("get", f"workflows/orders/diff?left=1&right=live&format={format}", Accept=accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, content_type)
    assert holds in answer.content.decode()
    assert "hunter" not in answer.content.decode()
    assert "secret:" in answer.content.decode()


@pytest.mark.parametrize(
    "pair", ["left=1&right=2", "left=2&right=1", "left=1&right=latest", "left=1&right=published", "left=live&right=1"]
)
def test_any_pair_is_compared(api, two, pair):
    said = api("get", f"workflows/orders/diff?{pair}").json()
    assert (said["identical"], said["counts"]["tasks_modified"], said["workflow"]) == (False, 1, "orders")
    same = api("get", "workflows/orders/diff").json()
    assert (same["left"], same["right"], same["identical"], same["left_version"]) == ("published", "live", True, 2)


def test_moved_boxes_are_counted_and_shown_when_asked_for(api, publish, make_definition):
    publish()
    code = next(iter(make_definition()["definitions"]["tasks"]))
    publish(definition={**make_definition(), "layout": {code: {"x": 7, "y": 7}}})
    hidden = api("get", "workflows/orders/diff?left=1&right=2").json()
    assert (hidden["identical"], hidden["hidden"], hidden["changes"]) == (False, 1, [])
    shown = api("get", "workflows/orders/diff?left=1&right=2&layout=true").json()
    assert (shown["hidden"], [change["kind"] for change in shown["changes"]]) == (0, ["layout_changed"])


def test_a_format_that_is_none_asks_nobody(api, two, dolphin):
    calls = len(dolphin.log)
    answer = api("get", "workflows/orders/diff?format=yaml")
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "format is one of json, markdown, jsondiff, unified.",
    )
    assert len(dolphin.log) == calls


@pytest.mark.parametrize("path", [*READS, "workflows/orders/diff?left=1&format=unified"])
def test_an_answer_is_not_sent_twice(api, two, path):
    first = api("get", path)
    assert first["Cache-Control"] == "private, no-cache"
    again = api("get", path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert api("get", path, **{"If-None-Match": '"other"'}).content == first.content
    assert api("head", path)["ETag"] == first["ETag"]


def test_the_etag_is_over_all_that_is_shown(api, two):
    Snapshot.objects.filter(version=2).update(status="failed", live_from=None)
    paths = ["workflows/orders/versions", "workflows/orders/versions/2", "snapshots"]
    before = {path: api("get", path)["ETag"] for path in paths}
    Snapshot.objects.filter(version=2).update(status="published", live_from=timezone.now())
    for path in paths:
        answer = api("get", path, **{"If-None-Match": before[path]})
        assert answer.status_code == 200
        assert answer["ETag"] != before[path]


def test_errors_have_no_etag(api, two):
    answer = api("get", "workflows/orders/versions/99")
    assert answer.status_code == 404
    assert "ETag" not in answer


def test_lists_take_the_same_few_queries_however_long_they_are(api, publish):
    publish()
    counts = {}
    for size in (1, 4):
        for number in range(size):
            publish(key=f"copy-{size}-{number}", label=f"copy {size} {number}")
        for path in ("workflows", "snapshots", "workflows/orders/versions"):
            with CaptureQueriesContext(connection) as queries:
                rows = api("get", path).json()["results"]
            assert not [query["sql"] for query in queries if "COUNT(" in query["sql"]]
            counts.setdefault(path, []).append(len(queries))
        assert len(rows) >= 1
    for path, (few, many) in counts.items():
        assert few == many <= 15, (path, few, many)
