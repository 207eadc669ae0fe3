"""The changed tasks for a page: rows of fields, texts, one side only where there is one, and bounds; and the page's HTML."""

import re

import pytest
from django.template.loader import render_to_string

from definitions.compare import Change, Comparison, Kind, compare, masked
from tests.versions.wording.test_sentences import document
from versions.field_rows import FieldRow
from versions.scripts.line_pieces import text_of
from versions.tasks_diff import FIELDS, TASKS, tasks_diff


def prop(name, value):
    return {"prop": name, "direct": "IN", "type": "VARCHAR", "value": value}


def shell(script, **params):
    return {"taskParams": {"localParams": [], "resourceList": [], "rawScript": script, **params}}


def changed(field, before, after):
    return Comparison((Change(Kind.TASK_MODIFIED, 1, "load", field, before, after),))


def only(comparison, **options):
    (task,) = tasks_diff(comparison, **options)
    return task


def test_a_changed_task_has_its_fields_and_its_script():
    left = document(tasks={1: shell("a\n", localParams=[prop("x", "1"), prop("y", "2")])})
    right = document(tasks={1: {**shell("b\n", localParams=[prop("x", "3")]), "failRetryTimes": 2}})
    task = only(compare(left, right), types={1: "SHELL"})
    assert (task.mark, task.name, task.type, task.is_whole) == ("M", "task 0", "SHELL", False)
    assert task.fields == [
        FieldRow("retries", "0", "2"),
        FieldRow("parameter x", "1", "3"),
        FieldRow("parameter y", "2", "", "D"),
    ]
    (script,) = task.texts
    assert (script.name, script.added, script.removed, script.left_out) == ("script", 1, 1, 0)


def test_a_task_that_came_or_went_has_one_side():
    few, more = document({1: "echo a"}), document({1: "echo a", 2: "echo b\n"}, tasks={2: {"failRetryTimes": 2}})
    came, went = only(compare(few, more)), only(compare(more, few))
    assert (came.mark, went.mark, came.type) == ("A", "D", "SHELL")
    assert (
        came.is_whole and [row.after for row in came.fields] == ["2"] and [row.before for row in went.fields] == ["2"]
    )
    assert [row.kind for row in came.texts[0].rows] == ["added"] and [row.kind for row in went.texts[0].rows] == [
        "removed"
    ]
    html = render_to_string("versions/diff/task_diff.html", {"task": came})
    assert 'class="o"' not in html and "none" not in html


def test_nested_objects_are_told_by_their_paths():
    task = only(changed("taskParams.extra", {"a": {"b": 1, "same": 2}}, {"a": {"b": True, "same": 2}, "c": "x"}))
    assert task.fields == [FieldRow("extra.a.b", "1", "yes"), FieldRow("extra.c", "none", "x")]


def test_json_on_one_line_is_compared_entry_by_entry():
    before = '{"a": 1, "text": "%s", "b": [1, 2]}' % ("x" * 200)
    rows = only(changed("taskParams.json", before, before.replace("2]", "3]"))).texts[0].rows
    assert [(text_of(row.left).strip(), text_of(row.right).strip()) for row in rows if row.kind == "replaced"] == [
        ("2", "3")
    ]
    spaced = only(changed("taskParams.json", before, before.replace(": 1", ":  1"))).texts[0].rows
    assert [row.kind for row in spaced] == ["modified"]  # indenting would hide it


def test_a_secret_is_whole_in_the_table_and_nowhere_else():
    left, right = (document(tasks={1: shell("a", password=word)}) for word in ("hunter1", "hunter2"))
    task = only(masked(compare(left, right), digest=lambda secret: secret[-1] * 64))
    assert task.fields == [FieldRow("password", "secret:111111111111", "secret:222222222222")]
    assert "hunter" not in render_to_string("versions/diff/task_diff.html", {"task": task})


@pytest.mark.parametrize("unified", [False, True])
def test_the_page_escapes_and_signs(unified):
    left, right = "a <b>1</b>\nsame\n", "a <b>2</b>\nsame\nnew\n"
    task = only(changed("taskParams.rawScript", left, right), unified=unified)
    html = render_to_string("versions/diff/task_diff.html", {"task": task, "unified": unified})
    assert "<b>1" not in html and "&lt;b&gt;" in html.replace('<span class="', "").replace("&lt;</span>", "&lt;")
    assert f'class="code {"unified" if unified else "split"}"' in html
    assert html.count('<td class="sign">−</td>') == 1 and html.count('<td class="sign">+</td>') == 2
    columns = {len(re.findall("<td", row)) for row in re.findall("<tr class=.*?</tr>", html)}
    assert columns == {4 if unified else 6}
    assert "style=" not in html and "<script" not in html


def test_line_ends_are_noted():
    task = only(changed("taskParams.rawScript", "a\r\nb\r\n", "a\nb"))
    assert task.texts[0].notes == ["line endings CRLF → LF", "line feed at the end removed"]


def test_a_page_of_thousands_of_tasks_stays_bounded():
    many = {code: "".join(f"echo {code} {line}\n" for line in range(60)) for code in range(1, 2_001)}
    comparison = compare(document(many), document({code: text.replace("echo", "print") for code, text in many.items()}))
    tasks = tasks_diff(comparison)
    assert len(tasks) == 2_000 and sum(not task.is_cut for task in tasks) < TASKS
    assert sum(len(text.rows) for task in tasks for text in task.texts) <= 3_000
    html = "".join(
        render_to_string("versions/diff/task_diff.html", {"task": task, "alone": "?left=1"}) for task in tasks
    )
    assert len(html) < 3_000_000 and 'href="?left=1&amp;task=2000#task-2000"' in html
    (alone,) = tasks_diff(comparison, only=2_000)
    assert not alone.is_cut and alone.texts[0].added == 60


def test_a_table_of_thousands_of_fields_stays_bounded():
    before, after = ([prop(f"p{number}", value) for number in range(5_000)] for value in "12")
    task = only(changed("taskParams.localParams", before, after))
    assert len(task.fields) == FIELDS and task.more_fields == 5_000 - FIELDS
