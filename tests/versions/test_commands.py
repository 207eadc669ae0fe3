"""The commands versions and diff: what they write, and their exit status."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Instance
from snapshotter.models import Snapshot
from snapshotter.work import run_due


def run(*command):
    """Return (exit status, output, what it says on standard error or as an error)."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*command, stdout=out, stderr=err)
    except SystemExit as exit:
        return exit.code, out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def two(api, good_body, make_definition):
    """Two versions; the second one changes a secret and a line."""
    for script in ("export PASSWORD=hunter2\necho a", "export PASSWORD=hunter3\necho b"):
        api("post", "workflows/orders/publish", body={**good_body, "definition": make_definition(script)})
        run_due()
    return good_body


def test_versions_are_listed_newest_first(two):
    status, text, _ = run("versions", "orders")
    first, second = text.splitlines()
    assert (status, first.split()[:2], second.split()[:2]) == (0, ["v2", "published"], ["v1", "published"])
    assert "live" in first and "was live" in second and first.endswith("why")


def test_versions_are_filtered(two):
    Snapshot.objects.filter(version=2).update(status="failed")
    assert run("versions", "orders", "--status", "failed")[1].startswith("v2 ")
    assert len(run("versions", "orders", "--limit", "1")[1].splitlines()) == 1
    assert run("versions", "orders", "--since", "2999-01-01")[:2] == (0, "")
    assert len(run("versions", "orders", "--since", "2020-01-01T00:00:00+08:00")[1].splitlines()) == 2


def test_versions_as_json(two):
    rows = [json.loads(line) for line in run("versions", "orders", "--json")[1].splitlines()]
    assert [(row["version"], row["workflow"]) for row in rows] == [(2, "orders"), (1, "orders")]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("versions", "order"), "Near it: orders"),
        (("versions", "nothing"), "No workflow has the key nothing."),
        (("versions", "orders", "--since", "yesterday"), "--since is a day"),
        (("versions", "orders", "--since", "2026-02-31"), "--since is a day"),
        (("versions", "orders", "--limit", "0"), "--limit is 1 to"),
        (("diff", "nothing"), "No workflow has the key nothing."),
        (("diff", "orders", "99"), "no such version"),
        (("diff", "orders", "x"), "A version is a number"),
    ],
)
def test_what_can_not_be_done_is_exit_status_2(two, command, said):
    status, _, error = run(*command)
    assert status == 2
    assert said in error


def test_equal_sides_are_exit_status_0(two):
    assert run("diff", "orders")[:2] == (0, "orders: v2 -> live\n  equal\n")
    assert run("diff", "orders", "1", "1", "--format", "unified")[:2] == (0, "")


@pytest.mark.parametrize("format", ["text", "json", "markdown", "jsondiff", "unified"])
def test_different_sides_are_exit_status_1(two, format):
    status, text, _ = run("diff", "orders", "1", "2", "--format", format)
    assert status == 1
    assert "task 0" in text or "+echo b" in text or "echo b" in text
    assert "hunter" not in text


def test_live_that_was_changed_is_different(two, dolphin):
    (code,) = dolphin.state.definitions
    dolphin.state.definitions[code][-1]["description"] = "changed there"
    status, text, _ = run("diff", "orders")
    assert (status, "changed there" in text) == (1, True)


def test_moved_boxes_are_no_difference_unless_asked_for(api, two, make_definition):
    body = make_definition("export PASSWORD=hunter3\necho b")
    code = next(iter(body["definitions"]["tasks"]))
    api("post", "workflows/orders/publish", body={**two, "definition": {**body, "layout": {code: {"x": 9, "y": 9}}}})
    run_due()
    status, text, _ = run("diff", "orders", "2", "3")
    assert (status, "1 change of positions is not shown" in text) == (0, True)
    assert run("diff", "orders", "2", "3", "--layout")[0] == 1
    assert run("diff", "orders", "2", "3", "--format", "json")[0] == 0


def test_a_dolphin_that_is_away_or_paused_is_exit_status_2(two, dolphin):
    Instance.objects.update(paused_because="the token is refused")
    assert run("diff", "orders")[0] == 2
    Instance.objects.update(paused_because="", base_url="http://127.0.0.1:9/dolphinscheduler")
    status, _, error = run("diff", "orders")
    assert (status, "dolphin_unavailable" in error, "manage.py doctor" in error) == (2, True, True)
    assert run("diff", "orders", "1", "2")[0] == 1
