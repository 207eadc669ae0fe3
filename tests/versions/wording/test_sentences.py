"""What changed, in one line each: exact, short, bounded, whatever somebody named or wrote. Kinds of edits: test_real_edits.py."""

from dataclasses import replace

import pytest
from django.utils import translation

from definitions.canonical import canonicalise, from_c1
from definitions.compare import Change, Comparison, Kind, compare
from tests.definitions.documents import c1
from versions.wording.sentences import sentences


def document(scripts=None, *, tasks=None, settings=None, **more):
    body = c1(scripts or {1: "echo a", 2: "echo b"}, **more)
    for code, fields in (tasks or {}).items():
        body["definitions"]["tasks"][str(code)].update(fields)
    body["definitions"]["settings"].update(settings or {})
    return canonicalise(from_c1(body), check=False).document


def told(left, right, **options):
    return [sentence.text for sentence in sentences(compare(left, right), **options)]


def test_a_sentence_leads_to_its_task():
    (sentence,) = sentences(compare(document(), document({1: "echo z", 2: "echo b"})))
    assert (sentence.mark, sentence.anchor) == ("M", "task-1")
    assert sentence.text == "Task task 0: script changed (+1 −1)"


def test_parts_stand_in_the_order_people_care_for():
    changed = {1: {"failRetryTimes": 3, "name": "load", "flag": "NO"}}
    (text,) = told(document(), document({1: "echo z", 2: "echo b"}, tasks=changed))
    assert text == "Task load: renamed from task 0, disabled, script changed (+1 −1), retries 0 → 3"


@pytest.mark.parametrize(
    "name", ["a\nb", "a\x07b\u202e", "\u2066a\u2028b\r\n", "x" * 500, "<b>&amp;</b>", "👩‍👩‍👧 家庭", "  "]
)
def test_a_name_stays_on_its_line(name):
    (text,) = told(document(), document(tasks={1: {"name": name}}))
    assert len(text) < 400 and text.replace("\u200d", "").isprintable() and text.startswith("Task task 0 renamed to ")


def test_names_keep_what_belongs_to_them():
    (text,) = told(document(), document(tasks={1: {"name": "👩‍👩‍👧 <b>"}}))
    assert text == "Task task 0 renamed to 👩‍👩‍👧 <b>"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (1, 1.0, "1 → 1.0"),
        (1, True, "1 → yes"),
        ("1", 1, '"1" → 1'),
        ("", None, '"" → none'),
        ("a", "a ", '"a" → "a "'),
        ("a b", "a\u00a0b", '"a b" → "a\\u00a0b"'),
        (
            "x" * 100 + "1" + "y" * 100,
            "x" * 100 + "2" + "y" * 100,
            f"…{'x' * 15}1{'y' * 42}… → …{'x' * 15}2{'y' * 42}…",
        ),
    ],
)
def test_two_values_never_look_the_same(before, after, said):
    change = Change(Kind.TASK_MODIFIED, 1, "t", "taskParams.novel.setting", before, after)
    assert sentences(Comparison((change,)))[0].text == f"Task t: novel.setting {said}"


def test_a_secret_is_seen_to_change():
    change = Change(Kind.TASK_MODIFIED, 1, "t", "taskParams.password", f"secret:{'ab12' * 3}", f"secret:{'cd34' * 3}")
    assert sentences(Comparison((change,)))[0].text == "Task t: password changed (secret:ab12… → secret:cd34…)"
    change = replace(change, after="secret:ab12ffffffff")
    assert sentences(Comparison((change,)))[0].text.endswith("(secret:ab12ab12ab12 → secret:ab12ffffffff)")


def test_a_secret_global_parameter_is_seen_to_change():
    before, after = ({"prop": "token", "value": f"secret:{digits * 3}"} for digits in ("ab12", "cd34"))
    change = Change(Kind.PARAMETER_CHANGED, field="globalParams.token", before=before, after=after)
    said = sentences(Comparison((change,)))[0].text
    assert said == "Parameter token changed (secret:ab12… → secret:cd34…)"


def test_an_edge_from_nothing_reads_as_people_think():
    edges = [{"preTaskCode": 0, "postTaskCode": 1}, {"preTaskCode": 0, "postTaskCode": 2}]
    chained = document()
    loose = canonicalise(from_c1({**c1({1: "echo a", 2: "echo b"}), "relations": edges})).document
    assert told(chained, loose) == [
        "Dependency task 0 → task 1 removed",
        "Task task 1 now begins with the workflow",
    ]
    assert told(loose, chained) == ["Dependency task 0 → task 1 added"]


def test_a_condition_on_an_edge_is_no_new_edge():
    body = c1({1: "echo a", 2: "echo b"})
    other = c1({1: "echo a", 2: "echo b"})
    other["relations"][1]["conditionType"] = "JUDGE"
    left, right = (canonicalise(from_c1(one)).document for one in (body, other))
    assert told(left, right) == ["Condition on task 0 → task 1 changed"]
    other["relations"][1] = {**body["relations"][1], "name": "late"}
    assert told(left, canonicalise(from_c1(other)).document) == ["Dependency task 0 → task 1: name none → late"]


def test_a_very_large_comparison_stays_bounded():
    many = {code: f"echo {code}" for code in range(1, 2_001)}
    left, right = document(many), document({code: f"{script} x" for code, script in many.items()})
    texts = told(left, right, limit=50)
    assert len(texts) == 51 and texts[-1] == "and 1,950 more tasks"
    assert told(left, right)[-1] == "and 1,800 more tasks"
    assert len(told(left, right, limit=None)) == 2_000
    assert told(document({1: "echo"}), left, limit=2)[2:] == [
        "and 1,998 more tasks",
        *("Dependency task 0 → task 1 added", "Dependency task 0 → task 2 added", "and 1,997 more dependencies"),
    ]


def test_an_object_that_came_is_told_field_by_field():
    change = Change(Kind.TASK_MODIFIED, 1, "t", "taskParams", {}, {"rawScript": "a\nb\n", "extra": {"deep": True}})
    assert sentences(Comparison((change,)))[0].text == "Task t: script added (2 lines), extra.deep none → yes"
    many = replace(change, after={f"field{number:03}": number for number in range(100)})
    text = sentences(Comparison((many,)))[0].text
    assert text.startswith("Task t: field000 none → 0, ") and text.endswith("field015 none → 15, 84 more changes")


def test_texts_too_long_to_compare_tell_their_lengths():
    change = Change(Kind.TASK_MODIFIED, 1, "t", "taskParams.sql", "a\n" * 60_000, "b\n" * 60_001)
    assert sentences(Comparison((change,)))[0].text == "Task t: SQL changed (60,000 → 60,001 lines)"


def test_a_kind_of_change_that_is_news_here_is_told_all_the_same():
    change = Change("gate_changed", field="gates.after", before=1, after=2)  # type: ignore[arg-type]
    assert [sentence.text for sentence in sentences(Comparison((change,)))] == ["Workflow: gates.after 1 → 2"]


def test_boxes_of_tasks_that_came_are_not_moved():
    change = Change(Kind.LAYOUT_CHANGED, 3, "c", "position", None, {"x": 1, "y": 1})
    came = Change(Kind.TASK_ADDED, 3, "c", after={"name": "c", "taskType": "SHELL"})
    assert [one.text for one in sentences(Comparison((came, change)), with_layout=True)] == ["Task c added (SHELL)"]
    assert [one.text for one in sentences(Comparison((change,)), with_layout=True)] == ["Position of c changed"]


@pytest.mark.parametrize(
    ("count", "english", "chinese"),
    [
        (1, "Position of t1 changed", "t1 移动了位置"),
        (2, "Positions of t1 and t2 changed", "t1 和 t2 移动了位置"),
        (3, "Positions of t1, t2 and t3 changed", "t1、t2 和 t3 移动了位置"),
        (4, "Positions of t1, t2, t3 and 1 more box changed", "t1、t2、t3 和另外 1 个节点移动了位置"),
        (1_234, "Positions of t1, t2, t3 and 1,231 more boxes changed", "t1、t2、t3 和另外 1,231 个节点移动了位置"),
    ],
)
def test_moved_boxes_by_name(count, english, chinese):
    moved = [Change(Kind.LAYOUT_CHANGED, code, f"t{code}", "position", {}, {"x": 1}) for code in range(1, count + 1)]
    for language, text in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            (said,) = sentences(Comparison(tuple(moved)), with_layout=True)
        assert (said.mark, said.text) == ("S", text)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (("OPEN", 5), ("CLOSE", 7), "time-out switched off (5 min → 7 min)"),
        (("CLOSE", 5), ("OPEN", 0), "time-out switched on (5 min → none)"),
        (("OPEN", 5), ("CLOSE", 5), "time-out switched off"),
        (("OPEN", 5), ("OPEN", 7), "time-out 5 min → 7 min"),
        (("NOVEL", 5), ("OPEN", 7), "time-out 5 min → 7 min, time-out alarm NOVEL → on"),
    ],
)
def test_a_time_out_is_told_to_be_switched(before, after, said):
    one, other = (dict(zip(("timeoutFlag", "timeout"), fields, strict=True)) for fields in (before, after))
    assert told(document(tasks={1: one}), document(tasks={1: other})) == [f"Task task 0: {said}"]


def test_what_a_time_out_does_is_told_with_it():
    fields = ("timeoutFlag", "CLOSE", "OPEN"), ("timeoutNotifyStrategy", "WARN", "FAILED")
    on = [Change(Kind.TASK_MODIFIED, 1, "t", name, before, after) for name, before, after in fields]
    off = [Change(Kind.TASK_MODIFIED, 1, "t", name, after, before) for name, before, after in fields]
    assert sentences(Comparison(tuple(on)))[0].text == "Task t: time-out switched on (alert → fail)"
    assert sentences(Comparison(tuple(off)))[0].text == "Task t: time-out switched off (fail → alert)"
    off[1] = replace(off[1], after="")
    assert sentences(Comparison(tuple(off)))[0].text == "Task t: time-out switched off"


def test_null_and_absent_look_different():
    left, right = (document(tasks={1: {"taskParams": {"rawScript": "echo a", **more}}}) for more in ({}, {"k": None}))
    assert told(left, right) == ["Task task 0: k none → null"]
    assert told(right, left) == ["Task task 0: k null → none"]
    assert told(left, document(tasks={1: {"taskParams": {"rawScript": "echo a", "k": {"deep": None, "more": 1}}}})) == [
        "Task task 0: k.deep none → null, k.more none → 1"
    ]


def test_a_dependency_that_is_there_twice():
    body = c1({1: "echo a", 2: "echo b"})
    once, twice, thrice = (
        canonicalise(from_c1({**body, "relations": [*body["relations"], *[body["relations"][1]] * more]})).document
        for more in range(3)
    )
    assert told(once, twice) == ["Dependency task 0 → task 1 added once more"]
    assert told(twice, once) == ["One of 2 dependencies task 0 → task 1 removed"]
    assert told(thrice, twice) == ["One of 3 dependencies task 0 → task 1 removed"]
    one, other = ({**body["relations"][1], "conditionType": kind} for kind in ("JUDGE", "DELAY"))
    branched = canonicalise(from_c1({**body, "relations": [body["relations"][0], one, other]})).document
    assert told(once, branched) == [
        "Condition on task 0 → task 1 changed",
        "Dependency task 0 → task 1 added once more",
    ]
    assert told(branched, once) == [
        "Condition on task 0 → task 1 changed",
        "One of 2 dependencies task 0 → task 1 removed",
    ]


def test_a_task_that_begins_with_the_workflow_may_wait_as_before():
    body = c1({1: "echo a", 2: "echo b"})
    too = canonicalise(from_c1({**body, "relations": [*body["relations"], {"preTaskCode": 0, "postTaskCode": 2}]}))
    assert told(document(), too.document) == ["Task task 1 now begins with the workflow, too"]
    assert told(too.document, document()) == ["Task task 1 no longer begins with the workflow"]
