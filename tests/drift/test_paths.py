"""Names of fields, and what covers them."""

import pytest

from definitions.compare import compare
from definitions.document import Document
from drift.paths import covers, path_of

TASK = {"name": "a", "taskType": "SHELL", "workerGroup": "x", "taskParams": {"rawScript": "echo"}}


def document(**changes):
    whole = {
        "name": "orders",
        "settings": {"timeout": 3},
        "tasks": {7: TASK},
        "relations": [{"preTaskCode": 0, "postTaskCode": 7}],
        "layout": {7: {"x": 1, "y": 1}},
        "schedule": {"crontab": "0 0 3 * * ? *"},
    }
    return Document(**{**whole, **changes})


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"name": "new"}, ["name"]),
        ({"settings": {"timeout": 4}}, ["settings.timeout"]),
        ({"settings": {"timeout": 3, "globalParams": [{"prop": "day", "value": "1"}]}}, ["settings.globalParams.day"]),
        (
            {"settings": {"timeout": 3, "globalParams": [{"prop": prop} for prop in ("day.limit", "*", "5%2E")]}},
            ["settings.globalParams.day%2Elimit", "settings.globalParams.%2A", "settings.globalParams.5%252E"],
        ),
        ({"tasks": {7: {**TASK, "taskParams": {"rawScript": "ls"}}}}, ["tasks.7.taskParams.rawScript"]),
        ({"tasks": {7: {**TASK, "name": "b"}}}, ["tasks.7.name"]),
        ({"tasks": {7: TASK, 8: TASK}}, ["tasks.8"]),
        ({"relations": []}, ["relations.0.7"]),
        ({"schedule": {"crontab": "0 0 4 * * ? *"}}, ["schedule.crontab"]),
        ({"schedule": None}, ["schedule"]),
        ({"layout": {7: {"x": 2, "y": 1}}}, ["layout.7"]),
    ],
)
def test_every_change_has_its_name(changes, paths):
    assert [path_of(change) for change in compare(document(), document(**changes)).changes] == paths


@pytest.mark.parametrize(
    ("rule", "path", "is_covered"),
    [
        ("name", "name", True),
        ("tasks.7.workerGroup", "tasks.7.workerGroup", True),
        ("tasks.*.workerGroup", "tasks.7.workerGroup", True),
        ("tasks.*.workerGroup", "tasks.7.name", False),
        ("tasks.7", "tasks.7.taskParams.rawScript", True),
        ("tasks.7", "tasks.77.name", False),
        ("tasks.7.taskParams.rawScript", "tasks.7", False),
        ("layout", "layout.7", True),
        ("schedule", "schedule.crontab", True),
        ("state", "state.online", True),
        ("state.online", "state.schedule_online", False),
        ("*", "name", True),
        ("settings.globalParams.day", "settings.globalParams.day%2Elimit", False),
    ],
)
def test_a_rule_covers_the_field_and_what_it_holds(rule, path, is_covered):
    assert covers(rule, path) is is_covered
