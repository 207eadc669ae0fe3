"""Comparisons as files: what they hold, that they leak nothing, and that they stay small."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import jsondiff
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings

from catalog.errors import InvalidRequest
from definitions.apply import apply
from definitions.canonical import canonicalise, from_c1
from definitions.compare import Comparison, compare, from_json
from definitions.noise import split
from snapshotter.models import Snapshot
from tests.definitions.documents import SCHEDULE, c1
from tests.definitions.strategies import canonicals
from tests.definitions.test_masked import ONE, OTHER
from versions.comparison import Side
from versions.exports.as_jsondiff import keyed
from versions.exports.as_markdown import escaped, fenced
from versions.exports.export import FORMATS, export
from versions.exports.parts import Exported
from versions.settings_diff import setting_rows
from versions.tasks_diff import tasks_diff


def side(document, number):
    snapshot = Snapshot(
        workflow_id="orders",
        version=number,
        label=document.name,
        message="why | <b>",
        created_by_name="publisher",
        created_at=datetime(2026, 11, 25, 8, tzinfo=UTC),
        schedule_id=1,
    )
    return Side(str(number), document, snapshot, key="orders")


def small(*scripts, tasks=None, **more):
    body = c1(dict(enumerate(scripts, 1)), **more)
    for code, fields in (tasks or {}).items():
        body["definitions"]["tasks"][str(code)].update(fields)
    return canonicalise(from_c1(body), check=False).document


def written(left, right, format, **options):
    return export(side(left, 9), side(right, 11), compare(left, right), format, **options)


def text(*arguments, **options):
    return written(*arguments, **options).body.decode()


BASE = small("echo a\necho b\necho c", "echo d")
EDITED = replace(small("echo a\necho B\necho c", "echo d", schedule=SCHEDULE), layout={1: {"x": 1, "y": 1}})


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("sides", [(ONE, OTHER), (BASE, ONE), (ONE, BASE)])
def test_no_secret_leaves(format, sides):
    shown = text(*sides, format, with_layout=True)
    assert "c4n4ry" not in shown
    assert "secret:" in shown


@pytest.mark.parametrize("format", FORMATS)
def test_a_changed_secret_is_seen_to_have_changed(format):
    one, other = (small(f"export PASSWORD={secret}") for secret in ("hunter2", "hunter3"))
    shown = text(one, other, format)
    assert "hunter" not in shown
    assert (
        len({word[:19] for word in shown.replace("secret:", "\nsecret:").split("\n") if word.startswith("secret:")})
        == 2
    )


def test_names_and_types_of_the_files():
    assert [written(BASE, EDITED, format).filename for format in FORMATS] == [
        "orders-v9-v11.json",
        "orders-v9-v11.md",
        "orders-v9-v11.jsondiff.json",
        "orders-v9-v11.diff",
    ]
    assert written(BASE, EDITED, "markdown").content_type == "text/markdown; charset=utf-8"
    found = export(Side("live", BASE, key="每日"), side(EDITED, 2), compare(BASE, EDITED), "json")
    assert found.disposition.startswith("attachment; filename*=utf-8''%E6%AF%8F%E6%97%A5-live-v2.json")
    with pytest.raises(InvalidRequest):
        written(BASE, EDITED, "yaml")


@given(canonicals(), canonicals())
def test_json_can_be_replayed(left, right):
    said = json.loads(text(left.document, right.document, "json", with_layout=True))
    assert apply(from_json(said), left.document) == right.document or "secret:" in json.dumps(said)


def test_json_says_what_is_hidden():
    said = json.loads(text(BASE, EDITED, "json"))
    assert (said["identical"], said["hidden"], said["counts"]["tasks_modified"]) == (False, 1, 1)
    assert (said["left_version"], said["right_version"]) == (9, 11)
    assert [change["kind"] for change in said["changes"]] == ["task_modified", "schedule_added"]
    moved = replace(BASE, layout={1: {"x": 1, "y": 1}})
    only_hidden = json.loads(text(BASE, moved, "json"))
    assert (only_hidden["identical"], only_hidden["hidden"], only_hidden["changes"]) == (False, 1, [])


@settings(max_examples=80)
@given(canonicals(), canonicals())
def test_jsondiff_is_empty_exactly_when_nothing_that_is_shown_differs(left, right):
    for with_layout in (False, True):
        shown, _ = split(compare(left.document, right.document), with_layout=with_layout)
        said = json.loads(text(left.document, right.document, "jsondiff", with_layout=with_layout))
        assert (said["diff"] == {}) == shown.is_identical


@settings(max_examples=50)
@given(canonicals(), canonicals())
def test_jsondiff_itself_can_patch_with_it(left, right):
    sides = [side(left.document, 1), side(right.document, 2)]
    comparison = compare(left.document, right.document)
    parts = Exported(*sides, comparison, Comparison(()), True, 10**9)
    one, other = (keyed(document, parts) for document in parts.documents())
    diff = json.loads(text(left.document, right.document, "jsondiff", with_layout=True))["diff"]
    one, other = ({**value, **_by_name(value, *pair)} for value, pair in ((one, (one, other)), (other, (one, other))))
    assert jsondiff.patch(one, diff, marshal=True, syntax="symmetric") == other


def _by_name(value, one, other):
    """What `_pair` does with the lists, done again for the whole."""
    from versions.exports.as_jsondiff import _pair, _plain

    pair = _pair(one, other)
    return _plain(pair[0] if value is one else pair[1])


def test_jsondiff_is_keyed_by_what_things_are():
    left = replace(BASE, settings={"globalParams": [{"prop": "dt", "value": "1"}, {"prop": "n", "value": 0}]})
    right = replace(
        BASE,
        settings={"globalParams": [{"prop": "dt", "value": "1"}, {"prop": "n", "value": False}]},
        relations=[*BASE.relations, BASE.relations[0]],
    )
    diff = json.loads(text(left, right, "jsondiff"))["diff"]
    assert diff == {
        "settings": {"globalParams": {"n": {"value": [0, False]}}},
        "relations": {"$insert": {"0>1#2": {"postTaskCode": 1, "preTaskCode": 0}}},
    }


def test_unified_is_one_diff_with_scripts_as_lines():
    shown = text(BASE, EDITED, "unified")
    assert shown.startswith("--- v9\n+++ v11\n@@ -")
    assert "-          |echo b\n+          |echo B\n" in shown
    assert '+    "crontab": "0 0 3 * * ? *",\n' in shown
    assert "1 change of positions is not shown" in shown
    assert '"layout"' not in shown
    assert text(BASE, BASE, "unified") == ""


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch(1)")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(canonicals(), canonicals())
def test_patch_takes_the_unified_diff(tmp_path, left, right):
    empty = canonicalise(
        replace(left.document, name="", settings={}, tasks={}, relations=[], layout={}, schedule=None), check=False
    )
    diff = text(left.document, right.document, "unified", with_layout=True)
    one, other = (_whole(empty.document, document.document) for document in (left, right))
    (tmp_path / "file").write_bytes("".join(f"{line}\n" for line in one).encode())
    (tmp_path / "diff").write_bytes(diff.encode())
    if diff and not diff.startswith("#"):
        subprocess.run(["patch", "--quiet", "file", "diff"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "file").read_bytes() == "".join(f"{line}\n" for line in other).encode()


def _whole(_empty, document):
    from versions.exports.as_unified import _texts

    parts = Exported(side(document, 1), side(document, 1), Comparison(()), Comparison(()), True, 10**9)
    return _texts(parts)[0]


def test_markdown_tells_and_shows():
    shown = text(BASE, EDITED, "markdown")
    assert "# orders: v9 → v11" in shown
    assert r"why \| &lt;b>" in shown
    assert "```diff\n@@ -1,3 +1,3 @@\n echo a\n-echo b\n+echo B\n echo c\n```" in shown
    assert "1 change of positions is not shown." in shown
    assert "Both sides are identical." in text(BASE, BASE, "markdown")


def table(shown):
    """Return the cells of all tables below the first one."""
    lines = [line for line in shown.split("\n## ", 1)[1].split("\n") if line.startswith("| ")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_markdown_uses_the_words_of_the_page(language):
    left = small("echo a", tasks={1: {"flag": "NO", "timeoutFlag": "CLOSE", "timeout": 0, "environmentCode": -1}})
    right = small("echo a", tasks={1: {"timeoutFlag": "OPEN", "timeout": 30, "environmentCode": 7, "isCache": "YES"}})
    right = replace(right, settings={"timeout": 5, "globalParams": [{"prop": "dt", "value": "1"}]}, schedule=SCHEDULE)
    with translation.override(language):
        comparison = compare(left, right)
        rows = setting_rows(comparison) + [row for task in tasks_diff(comparison) for row in task.fields]
        cells = table(text(left, right, "markdown"))
    told = [tuple(escaped(value).strip() for value in (row.name, row.before, row.after)) for row in rows]
    assert [row for row in cells if row in told] == told and len(told) >= 8
    if language == "en":
        assert ("time-out alarm", "off", "on") in cells and ("time-out", "none", "30 min") in cells


def test_markdown_shows_one_side_of_a_task_that_came():
    came = small("echo a", "echo b", tasks={2: {"timeout": 30}})
    assert ("time-out", "", "30 min") in table(text(small("echo a"), came, "markdown"))
    assert ("time-out", "30 min", "") in table(text(came, small("echo a"), "markdown"))


def test_markdown_names_the_tasks_that_branches_lead_to():
    def branch(*codes):
        return {1: {"taskParams": {"conditionResult": {"successNode": list(codes)}}}}

    left, right = (small("a", "b", "c", tasks=branch(code)) for code in (2, 3))
    assert ("branch on success", "task 1", "task 2") in table(text(left, right, "markdown"))


def test_markdown_in_chinese(settings):
    with translation.override("zh-hans"):
        shown = text(BASE, EDITED, "markdown")
    assert "## 设置与调度" in shown
    assert "个位置变化未显示" in shown


def test_nothing_from_a_definition_is_markup():
    name = "a | <script>alert(1)</script> [x](http://y) `code` **b** www.z.com @all"
    hostile = replace(BASE, tasks={**BASE.tasks, 1: {**BASE.tasks[1], "name": name, "description": name}}, name=name)
    shown = text(BASE, hostile, "markdown")
    assert "<script" not in shown
    assert "[x](" not in shown
    for line in shown.split("\n"):
        if line.startswith("|"):
            assert line.replace("\\|", "").count("|") in (3, 4), line
    assert escaped("a\nb |`") == r"a b \|\`"


def test_no_script_ends_its_fence():
    left, right = small("x\ny"), small("x\n```\n````\n</details>\ny")
    shown = text(left, right, "markdown")
    assert shown.count("\n`````") == 2
    assert fenced(["a"], "diff") == ["```diff", "a", "```"]


def test_what_hides_text_is_made_visible():
    left, right = small("echo a\necho b"), small("echo a\r\necho \u202eb\x1b[2J")
    for format in ("unified", "markdown"):
        shown = text(left, right, format)
        assert not {"\u202e", "\x1b", "\r"} & set(shown)
        assert "\\u202e" in shown


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_is_bounded_and_says_what_it_leaves_out(format, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "MAX_EXPORT_BYTES": 20_000}
    left = small(*["echo"] * 30)
    right = small(*[f"echo {number}\n" + "x" * 3_000 for number in range(30)])
    found = written(left, right, format)
    assert len(found.body) < 40_000
    assert b"left_out" in found.body or b"left out" in found.body


def test_a_change_too_large_is_named_without_its_values(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "MAX_EXPORT_BYTES": 10_000}
    said = json.loads(text(small("a"), small("b" * 20_000), "json"))
    assert said["left_out"] == {"values": 1, "changes": 0, "limit": 10_000}
    (change,) = said["changes"]
    assert (change["field"], change["after"], change["left_out"]) == ("taskParams.rawScript", None, True)
