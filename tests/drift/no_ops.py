"""Saves in DolphinScheduler that change nothing a person would call a change, by raw calls: each leaves other bytes there."""

import json
from collections.abc import Callable
from typing import Any

from tests.drift.conftest import Hands

Json = dict[str, Any]


def reversed_keys(value: Any) -> Any:
    """The same JSON with its keys the other way round, all the way down."""
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


def _tasks(hands: Hands, change: Callable[[Json], Json]) -> None:
    shown = hands.raw.definition(hands.project, hands.code)["taskDefinitionList"]
    hands.save(taskDefinitionJson=json.dumps([change(task) for task in shown], ensure_ascii=False))


def as_it_stands(hands: Hands) -> None:
    hands.save()


def offline_and_online(hands: Hands) -> None:
    (row,) = hands.schedules()
    hands.release("OFFLINE")
    hands.release("ONLINE")
    hands.schedule(row["id"], "online")


def tasks_in_another_order(hands: Hands) -> None:
    shown = hands.raw.definition(hands.project, hands.code)["taskDefinitionList"]
    hands.save(taskDefinitionJson=json.dumps(shown[::-1], ensure_ascii=False))


def edges_as_the_page_sends_them(hands: Hands) -> None:
    keys = (
        "name",
        "preTaskCode",
        "preTaskVersion",
        "postTaskCode",
        "postTaskVersion",
        "conditionType",
        "conditionParams",
    )
    shown = hands.raw.definition(hands.project, hands.code)["processTaskRelationList"]
    hands.save(taskRelationJson=json.dumps([{key: row[key] for key in keys} for row in shown[::-1]]))


def blanks_in_json(hands: Hands) -> None:
    definition = hands.raw.definition(hands.project, hands.code)["processDefinition"]
    spaced = {key: json.dumps(json.loads(definition[key] or "[]"), indent=3) for key in ("locations", "globalParams")}
    hands.save(**spaced)


def parameters_in_another_order(hands: Hands) -> None:
    _tasks(hands, lambda task: {**task, "taskParams": reversed_keys(task["taskParams"])})


def parameters_as_text(hands: Hands) -> None:
    _tasks(hands, lambda task: {**task, "taskParams": json.dumps(task["taskParams"], indent=1, ensure_ascii=False)})


def keys_in_another_order(hands: Hands) -> None:
    _tasks(hands, reversed_keys)


def defaults_left_out(hands: Hands) -> None:
    left_out = ("cpuQuota", "memoryMax", "delayTime", "timeout", "failRetryTimes", "taskGroupId", "taskGroupPriority")
    _tasks(hands, lambda task: {key: value for key, value in task.items() if key not in left_out})


def numbers_as_text(hands: Hands) -> None:
    _tasks(hands, lambda task: {**task, "failRetryTimes": str(task["failRetryTimes"]), "delayTime": "0"})


def fields_nobody_knows(hands: Hands) -> None:
    _tasks(hands, lambda task: {**task, "modifiedBy": "page", "uiState": {"open": True}})


def no_word_of_a_timeout(hands: Hands) -> None:
    _tasks(hands, lambda task: {**task, "timeoutNotifyStrategy": None})


def schedule_as_it_stands(hands: Hands) -> None:
    hands.cron(hands.schedules()[0]["crontab"])


NO_OPS = (
    as_it_stands,
    offline_and_online,
    tasks_in_another_order,
    edges_as_the_page_sends_them,
    blanks_in_json,
    parameters_in_another_order,
    parameters_as_text,
    keys_in_another_order,
    defaults_left_out,
    numbers_as_text,
    fields_nobody_knows,
    no_word_of_a_timeout,
    schedule_as_it_stands,
)
