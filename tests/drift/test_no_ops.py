"""Saves that change nothing are no finding: on the sandbox by calls, and in documents by the thousand."""

import copy
import json
import os
import random

import pytest

from definitions import fields
from definitions.compare import compare
from definitions.recode import NO_ALIASES
from dolphin.observe import judge as observed
from drift.models import DriftItem
from tests.bench.workloads import raw_definition
from tests.definitions import shapes
from tests.definitions.documents import SCHEDULE
from tests.drift.no_ops import NO_OPS


@pytest.mark.parametrize("act", NO_OPS, ids=lambda act: act.__name__)
def test_a_save_that_changes_nothing(act, hands, look_at):
    act(hands)
    checked = look_at()
    assert checked.judgement.live_state == "in_sync", checked.judgement.evidence
    assert not DriftItem.objects.exists()


SERVER_MADE = (
    "id",
    "userId",
    "userName",
    "projectName",
    "createTime",
    "updateTime",
    "modifyBy",
    "operator",
    "operateTime",
)
ROW = {
    "id": 7,
    "releaseState": "ONLINE",
    "processDefinitionCode": 9,
    "failureStrategy": "CONTINUE",
    "warningType": "NONE",
    **SCHEDULE,
}


def spaced(rng, value):
    """A JSON string of the same value: other blanks, other order of keys."""
    if isinstance(value, str):
        value = json.loads(value)
    return json.dumps(shuffled(rng, value), indent=rng.choice([None, 1, 4]), ensure_ascii=rng.random() < 0.5)


def shuffled(rng, value):
    """The same JSON, its keys in another order."""
    if isinstance(value, dict):
        return {key: shuffled(rng, value[key]) for key in rng.sample(list(value), len(value))}
    return [shuffled(rng, item) for item in value] if isinstance(value, list) else value


def disturb(rng, row, defaults, server_made=SERVER_MADE):
    """What the server makes, left-out and spelt-out defaults, nulls that mean the default, numbers as text."""
    for name in server_made:
        if rng.random() < 0.3:
            row[name] = rng.choice([None, 1, "x", {"y": 1}]) if name != "id" else rng.randrange(1, 999)
    for name, default in defaults.items():
        if name not in row or row[name] == default:
            choice = rng.randrange(4)
            if choice == 0:
                row.pop(name, None)
            elif choice == 1:
                row[name] = default
            elif choice == 2 and name in fields.NULL_IS_DEFAULT:
                row[name] = None
        if rng.random() < 0.2 and name in fields.INTEGERS and isinstance(row.get(name), int):
            row[name] = str(row[name])
    return shuffled(rng, row)


def saved_again(rng, raw, schedule):
    """Return what DolphinScheduler might show after a save that changed nothing."""
    raw, schedule = copy.deepcopy(raw), copy.deepcopy(schedule)
    old = "processDefinition" in raw
    name, edges = (
        ("processDefinition", "processTaskRelationList") if old else ("workflowDefinition", "workflowTaskRelationList")
    )
    kept = {key: raw[name][key] for key in ("code", "releaseState", "name")}
    raw[name] = disturb(rng, raw[name], fields.SETTINGS_DEFAULTS) | kept | {"version": rng.randrange(8, 99)}
    for key in ("locations", "globalParams"):
        if isinstance(raw[name].get(key), str):
            raw[name][key] = spaced(rng, raw[name][key])
    version = rng.randrange(3, 9)
    tasks = []
    for task in raw["taskDefinitionList"]:
        task = disturb(rng, task, fields.TASK_DEFAULTS) | {"version": version}
        task["taskParams"] = (
            spaced(rng, task["taskParams"]) if rng.random() < 0.5 else shuffled(rng, task["taskParams"])
        )
        tasks.append(task)
    raw["taskDefinitionList"] = rng.sample(tasks, len(tasks))
    rows = [disturb(rng, row, fields.RELATION_DEFAULTS) | {"postTaskVersion": version} for row in raw[edges]]
    raw[edges] = rng.sample(rows, len(rows))
    return raw, disturb(rng, schedule, fields.SCHEDULE_DEFAULTS, ("createTime", "updateTime", "userId", "userName")) | {
        "id": 7
    }


def shown(raw, schedule):
    definition = raw.get("processDefinition") or raw["workflowDefinition"]
    found = observed(raw, [schedule], definition["code"], NO_ALIASES)
    assert found.problems == [] and found.canonical is not None
    return found


def no_op_documents(number):
    raws = [shapes.v20(), shapes.v31(), shapes.v34(), raw_definition(8)]
    befores = [shown(raw, ROW) for raw in raws]
    for seed in range(number):
        rng = random.Random(seed)
        at = seed % len(raws)
        before, after = befores[at].canonical, shown(*saved_again(rng, raws[at], ROW)).canonical
        assert (after.fingerprint, after.schedule_hash) == (before.fingerprint, before.schedule_hash), seed
        assert compare(before.document, after.document).is_identical, seed


def test_five_hundred_documents_saved_again():
    no_op_documents(500)


@pytest.mark.soak
def test_ten_thousand_documents_saved_again():
    no_op_documents(int(os.environ.get("SNAPSHOTTER_NO_OP_DOCUMENTS", "10000")))


def test_the_search_would_find_a_change():
    raw = raw_definition(8)
    other, schedule = saved_again(random.Random(1), raw, ROW)
    other["taskDefinitionList"][0]["workerGroup"] = "another"
    before, after = shown(raw, ROW).canonical, shown(other, {**schedule, "crontab": "0 0 9 * * ? *"}).canonical
    assert before.fingerprint != after.fingerprint and before.schedule_hash != after.schedule_hash
