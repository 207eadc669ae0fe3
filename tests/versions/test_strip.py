"""The change strip: counts in signs and words; whatever an old row holds is shown or passed over."""

import pytest
from django.utils import translation

from versions.strip import changed_names, strip


def test_signs_and_words():
    marks = strip(
        {"tasks_added": 1, "tasks_modified": 2, "tasks_removed": 3, "relations_removed": 1, "schedule": 1, "layout": 4}
    )
    assert [(mark.tone, str(mark.sign)) for mark in marks] == [
        ("a", "+1"),
        ("m", "~2"),
        ("d", "−3"),
        ("s", "edges"),
        ("s", "schedule"),
        ("s", "layout"),
    ]
    assert [mark.words for mark in marks[:3]] == ["1 task added", "2 tasks changed", "3 tasks removed"]
    with translation.override("zh-hans"):
        assert strip({"tasks_added": 2})[0].words == "新增 2 个任务"


@pytest.mark.parametrize(
    "kept", [None, {}, [], "x", 5, {"tasks_added": None}, {"tasks_added": "<b>"}, {"tasks_added": -1}, {"x": 1}]
)
def test_what_is_no_count_is_passed_over(kept):
    assert strip(kept) == []


def test_names_of_changed_tasks_stand_beside_their_sign():
    names = {"added": ["a"], "modified": ["b", "c", "d", "e"], "removed": []}
    summary = {"base": 3, "names": names, "tasks_added": 1, "tasks_modified": 4}
    assert changed_names(summary) == [("a", "+", ["a"], False), ("m", "~", ["b", "c", "d"], True)]


@pytest.mark.parametrize(
    "kept", [None, {}, {"base": None, "names": {"added": ["a"]}}, {"base": 1}, {"base": 1, "names": {"added": "x"}}]
)
def test_a_first_version_and_an_odd_row_name_nothing(kept):
    assert changed_names(kept) == []
