"""What was kept in English, shown in the reader's language."""

import pytest
from django.template import Context, Template
from django.utils import translation

from catalog.say import say

CHANGED = (
    "DolphinScheduler was changed since version 3 (content, name). "
    "Capture it and publish on top, or force with a reason."
)


@pytest.fixture
def chinese():
    with translation.override("zh-hans"):
        yield


def test_english_stays_as_it_was_kept():
    assert say(CHANGED) == CHANGED and say("") == ""


def test_values_are_put_back_in(chinese):
    said = say(CHANGED)
    assert "版本 3" in said and "（内容、名称）" in said


def test_what_is_not_ours_stays_as_it_is(chinese):
    assert say("create process definition error; 创建失败") == "create process definition error; 创建失败"
    assert say("") == ""
    assert say("DolphinScheduler refused with 10105: a; b").endswith("10105：a; b")


def test_problems_in_a_row_are_said_one_by_one(chinese):
    rows = [f"task {code} stands 2 times in the definition" for code in (7, 8)]
    said = say("; ".join(rows))
    assert said == "任务 7 在定义中出现 2 次；任务 8 在定义中出现 2 次"
    assert said in say("; ".join(rows) + ". Force with a reason to repair it: its code and tasks are kept.")


def test_preflight_is_said_problem_by_problem(chinese):
    one = "worker_group_missing: t1: DolphinScheduler has no worker group g1. Create it, or name another one."
    said = say(f"{one} {one.replace('1', '2')} And 3 more.")
    assert "t1：DolphinScheduler 没有 Worker 分组 g1。" in said and "t2：DolphinScheduler 没有 Worker 分组 g2。" in said


def test_the_place_of_a_problem_stays(chinese):
    assert say("definitions.tasks: a workflow has at least one task") == "definitions.tasks: 工作流至少要有一个任务"


def test_differences_are_said_one_by_one(chinese):
    text = "DolphinScheduler does not hold the draft: task_added a; setting_changed timeout and 3 more."
    assert say(text).endswith("：新增任务 a；设置变更 timeout，另有 3 处。")


def test_what_is_shown_is_escaped(chinese):
    page = Template("{% load said %}{{ text|say }}").render(
        Context({"text": "DolphinScheduler answered 1: <img src=x>"})
    )
    assert "返回 1：&lt;img" in page
