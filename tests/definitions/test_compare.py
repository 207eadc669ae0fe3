from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.canonical import canonicalise
from definitions.compare import Kind, compare, masked, summary, to_json
from definitions.document import Document
from dolphin.payloads import read_document
from tests.definitions.shapes import A, B, C, v20, v31, v34

SCHEDULE = {
    "crontab": "0 0 1 * * ? *",
    "startTime": "2026-01-01 00:00:00",
    "endTime": "2030-01-01 00:00:00",
    "timezoneId": "Asia/Shanghai",
}
BASE = canonicalise(replace(read_document(v31()), schedule=SCHEDULE)).document


def with_task(code, **fields):
    return replace(BASE, tasks={**BASE.tasks, code: {**BASE.tasks[code], **fields}})


def script(text):
    return with_task(A, taskParams={**BASE.tasks[A]["taskParams"], "rawScript": text})


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (script("echo b"), [(Kind.TASK_MODIFIED, A, "taskParams.rawScript", "echo a", "echo b")]),
        (with_task(C, failRetryTimes=5), [(Kind.TASK_MODIFIED, C, "failRetryTimes", 3, 5)]),
        (with_task(A, failRetryTimes=2), [(Kind.TASK_MODIFIED, A, "failRetryTimes", 0, 2)]),
        (with_task(A, flag="NO"), [(Kind.TASK_MODIFIED, A, "flag", "YES", "NO")]),
        (with_task(A, name="extract2"), [(Kind.TASK_RENAMED, A, "name", "extract", "extract2")]),
        (replace(BASE, name="n"), [(Kind.LABEL_CHANGED, None, "name", "每日订单 daily", "n")]),
        (replace(BASE, settings={**BASE.settings, "timeout": 9}), [(Kind.SETTING_CHANGED, None, "timeout", 0, 9)]),
        (
            replace(BASE, schedule={**SCHEDULE, "crontab": "0 0 2 * * ? *"}),
            [(Kind.SCHEDULE_CHANGED, None, "crontab", "0 0 1 * * ? *", "0 0 2 * * ? *")],
        ),
        (replace(BASE, schedule=None), [(Kind.SCHEDULE_REMOVED, None, "", SCHEDULE, None)]),
        (
            replace(BASE, layout={**BASE.layout, A: {"x": 5, "y": 100}}),
            [(Kind.LAYOUT_CHANGED, A, "position", {"x": 0, "y": 100}, {"x": 5, "y": 100})],
        ),
    ],
)
def test_each_kind_of_edit_is_one_change(right, expected):
    changes = compare(BASE, right).changes
    assert [(c.kind, c.task, c.field, c.before, c.after) for c in changes] == expected


def test_added_and_removed_tasks_come_with_their_edges():
    tasks = {code: task for code, task in BASE.tasks.items() if code != B}
    relations = [relation for relation in BASE.relations if relation["postTaskCode"] != B]
    smaller = replace(BASE, tasks=tasks, relations=relations, layout={A: BASE.layout[A]})
    removed, added = summary(compare(BASE, smaller)), summary(compare(smaller, BASE))
    assert (removed["tasks_removed"], removed["relations_removed"], removed["tasks_modified"]) == (1, 1, 0)
    assert (added["tasks_added"], added["relations_added"], added["layout"]) == (1, 1, 0)


def test_global_parameters_are_told_by_name():
    dt = BASE.settings["globalParams"][0]
    right = replace(BASE, settings={"globalParams": [{**dt, "value": "x"}, {**dt, "prop": "new"}]})
    kinds = {change.field: change.kind for change in compare(BASE, right).changes}
    assert kinds == {"globalParams.dt": Kind.PARAMETER_CHANGED, "globalParams.new": Kind.PARAMETER_ADDED}


@pytest.mark.parametrize("other", [v20, v34])
def test_another_flavour_is_no_change(other):
    assert compare(BASE, canonicalise(replace(read_document(other()), schedule=SCHEDULE)).document).is_identical


def test_a_first_version_is_all_new():
    counts = summary(compare(None, BASE))
    assert (counts["tasks_added"], counts["relations_added"], counts["schedule"], counts["label"]) == (3, 3, 1, 0)


def test_the_same_edge_twice_is_a_change():
    doubled = replace(BASE, relations=[*BASE.relations, BASE.relations[0]])
    assert [change.kind for change in compare(BASE, doubled).changes] == [Kind.RELATION_ADDED]


VALUES = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, -0.0, 1.5]) | st.text("ab", max_size=2)
)
TREES = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xy", max_size=1), inner, max_size=2)
)
TASKS = st.fixed_dictionaries({"rawScript": VALUES, "v": TREES})


@given(TASKS, TASKS, st.integers(0, 2), st.booleans())
def test_no_change_is_found_exactly_when_all_hashes_are_equal(left, right, timeout, with_schedule):
    sides = [
        canonicalise(
            Document(
                "w",
                {"timeout": timeout if side is right else 0},
                {1: {"name": "a", "taskType": "SHELL", "taskParams": deepcopy(side)}},
                [{"preTaskCode": 0, "postTaskCode": 1}],
                schedule=SCHEDULE if with_schedule or side is left else None,
            )
        )
        for side in (left, right)
    ]
    one, other = sides
    equal = one.fingerprint == other.fingerprint and one.schedule_hash == other.schedule_hash
    assert compare(one.document, other.document).is_identical == equal


def test_masks_keep_that_something_changed():
    left = script("export PASSWORD=hunter2")
    right = script("export PASSWORD=hunter3")
    shown = to_json(masked(compare(left, right), digest=lambda secret: f"{hash(secret) & 0xFFFFFFFF:08x}"))
    assert "hunter" not in str(shown)
    assert shown["changes"][0]["before"] != shown["changes"][0]["after"]
