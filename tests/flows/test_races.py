"""Fifty publishers at once: on one workflow, and on fifty. Real processes, real locks, the real DolphinScheduler."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.definitions.documents import c1

pytestmark = pytest.mark.dolphin_mysql

MANY = 50


def body(raw, codes, script, name):
    made = c1({code: f"{script} {index}" for index, code in enumerate(codes)}, name=name)
    made["definitions"]["settings"] = {"tenantCode": raw.tenant}
    return made


def test_on_one_workflow(send, ended, get, project, dolphin_311_mysql, stack):
    raw = dolphin_311_mysql
    codes = raw.task_codes(project, 2)
    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(lambda n: send("contested", body(raw, codes, f"echo {n}", "contested")), range(MANY)))
    accepted = [answer for status, answer in answers if status == 202]
    refused = [answer for status, answer in answers if status == 409]
    assert len(accepted) + len(refused) == MANY, {status for status, _ in answers}
    assert accepted and all(answer["code"] == "workflow_locked" for answer in refused)
    assert all(answer["extra"]["holder"] == "svc-platform" and answer["extra"]["sync"] for answer in refused)
    ends = [ended(answer["sync"]["id"]) for answer in accepted]
    assert {end["state"] for end in ends} == {"succeeded"}
    versions = get("workflows/contested/versions")["results"]
    assert sorted(version["version"] for version in versions) == list(range(1, len(accepted) + 1)), "no gap, no double"
    newest = max(versions, key=lambda version: version["version"])
    assert newest["status"] == "published"
    shown = raw.definition(project, newest["workflow_code"])
    scripts = {task["taskParams"]["rawScript"] for task in shown["taskDefinitionList"]}
    wanted = get(f"workflows/contested/versions/{newest['version']}?content=true")
    assert scripts == {task["taskParams"]["rawScript"] for task in _tasks(wanted)}
    assert "Deadlock" not in stack.logs()


def _tasks(version):
    return json.loads(json.dumps(version["definitions_json"]))["tasks"].values()


def test_on_fifty_workflows(send, ended, get, project, dolphin_311_mysql, stack):
    raw = dolphin_311_mysql
    codes = raw.task_codes(project, 2 * MANY)
    made = {f"many-{n}": body(raw, codes[2 * n : 2 * n + 2], "echo same", f"many {n}") for n in range(MANY)}
    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(lambda item: send(*item), made.items()))
    assert {status for status, _ in answers} == {202}
    ends = [ended(answer["sync"]["id"]) for _, answer in answers]
    assert [end["state"] for end in ends] == ["succeeded"] * MANY
    for _, answer in answers:
        snapshot = get(f"snapshots/{answer['snapshot']['id']}")
        assert (snapshot["status"], snapshot["version"]) == ("published", 1)
    assert "Deadlock" not in stack.logs()
