"""The change strip: counts in signs and words; whatever an old row holds is shown or passed over."""

import pytest
from django.utils import translation

from versions.strip import strip


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
