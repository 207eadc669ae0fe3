"""The main job, end to end: one curl publishes, Celery workers carry it out on MySQL, the real DolphinScheduler equals the snapshot.

Equal is judged by raw calls, not by the product's client.
"""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.definitions.documents import SCHEDULE, c1
from tests.flows.stack import curl

pytestmark = pytest.mark.dolphin_mysql


def shown(raw, project, code):
    """What DolphinScheduler shows, reduced by hand to what was sent."""
    data = raw.definition(project, code)
    definition = data["processDefinition"]
    return {
        "name": definition["name"],
        "state": definition["releaseState"],
        "scripts": {task["code"]: task["taskParams"]["rawScript"] for task in data["taskDefinitionList"]},
        "edges": sorted((row["preTaskCode"], row["postTaskCode"]) for row in data["processTaskRelationList"]),
        "schedules": [(row["crontab"], row["releaseState"]) for row in raw.schedules(project, code)],
        "rows": len(data["taskDefinitionList"]),
    }


def test_create_three_tasks_publish_change_publish(publish, project, dolphin_311_mysql):
    raw = dolphin_311_mysql
    codes = raw.task_codes(project, 3)
    first = dict(zip(codes, ("echo 抽取", "echo load", "echo check"), strict=True))
    edges = sorted([(0, codes[0]), (codes[0], codes[1]), (codes[0], codes[2])])
    schedule = {**SCHEDULE, "crontab": "0/5 * * * * ? *", "releaseState": "ONLINE"}
    settings = {"settings": {"tenantCode": raw.tenant}}
    body = c1(first, name="orders_daily", schedule=schedule)
    body["definitions"] |= settings

    answer = publish("orders", body, online="on", schedule="from_definition", message="first")
    assert answer["sync"]["state"] == "succeeded", answer
    code = answer["snapshot"]["workflow_code"]
    expected = {"name": "orders_daily", "state": "ONLINE", "scripts": first, "edges": edges, "rows": 3}
    expected["schedules"] = [("0/5 * * * * ? *", "ONLINE")]
    assert shown(raw, project, code) == expected

    second = {**first, codes[1]: "echo load --fast"}
    body = c1(second, name="orders_daily")
    body["definitions"] |= settings
    answer = publish("orders", body, message="faster", base=1)
    assert (answer["sync"]["state"], answer["snapshot"]["version"], answer["snapshot"]["status"]) == (
        "succeeded",
        2,
        "published",
    )
    assert shown(raw, project, code) == {**expected, "scripts": second}
    versions = {task["code"]: task["version"] for task in raw.definition(project, code)["taskDefinitionList"]}
    assert versions == {codes[0]: 1, codes[1]: 2, codes[2]: 1}

    again = publish("orders", body)
    assert (again["duplicate"], again["sync"]) == (True, None)
    _fires_with(raw, project, code, version=2)


def _fires_with(raw, project, code, *, version):
    """The schedule is not only online: it makes runs of the new version."""
    deadline = time.monotonic() + 60
    while True:
        runs = raw.runs(project, code)
        if any(run["commandType"] == "SCHEDULER" and run["processDefinitionVersion"] == version for run in runs):
            return
        assert time.monotonic() < deadline, f"no run of version {version} among {len(runs)}"
        time.sleep(1)


def test_a_worker_takes_what_was_queued_while_all_were_busy(publish, project, dolphin_311_mysql, stack):
    raw = dolphin_311_mysql
    codes = raw.task_codes(project, 4)
    settings = {"settings": {"tenantCode": raw.tenant}}
    answers = []
    for number, code in enumerate(codes):
        body = c1({code: f"echo {number}"}, name=f"queued {number}")
        body["definitions"] |= settings
        answers.append(publish(f"queued-{number}", body))
    assert [answer["sync"]["state"] for answer in answers] == ["succeeded"] * 4
    assert raw.token not in stack.logs()


def test_capture_takes_what_dolphin_holds(stack, project, token, dolphin_311_mysql):
    raw = dolphin_311_mysql
    scripts = dict.fromkeys(raw.task_codes(project, 2), "echo hand-made")
    code = raw.create(project, raw.form("made by hand", scripts))
    answer = json.loads(
        curl(
            *("-X", "POST", f"{stack.url}/api/v1/workflows/by-hand/capture?wait=60"),
            *("-H", f"Authorization: Bearer {token}", "-H", "Content-Type: application/json"),
            *("--data", json.dumps({"project": project, "workflow_code": code})),
        )
    )
    assert (answer["sync"]["state"], answer["snapshot"]["trigger"]) == ("succeeded", "capture")
    assert raw.definition(project, code)["processDefinition"]["version"] == 1


def test_a_publish_waits_for_a_due_fire_and_goes_on_by_itself(publish, stack, project, token, dolphin_311_mysql):
    raw = dolphin_311_mysql
    codes = raw.task_codes(project, 1)
    due = datetime.now(UTC) + timedelta(seconds=45)
    schedule = {**SCHEDULE, "crontab": f"{due.second} {due.minute} {due.hour} * * ? *", "releaseState": "ONLINE"}
    body = c1({codes[0]: "echo 1"}, name="guarded", schedule=schedule)
    body["definitions"] |= {"settings": {"tenantCode": raw.tenant}}
    first = publish("guarded", body, online="on", schedule="from_definition")
    assert first["sync"]["state"] == "succeeded", first
    body = c1({codes[0]: "echo 2"}, name="guarded")
    body["definitions"] |= {"settings": {"tenantCode": raw.tenant}}
    answer = publish("guarded", body)["sync"]
    deadline = time.monotonic() + 60
    while not answer["is_finished"]:
        assert answer["error_code"] in ("", "fire_guard")
        assert time.monotonic() < deadline, answer
        time.sleep(1)
        command = ("-H", f"Authorization: Bearer {token}", f"{stack.url}/api/v1/syncs/{answer['id']}")
        answer = json.loads(curl(*command))
    fire = datetime.fromisoformat(answer["result"]["fire_guard"]["fire"])
    writes = [step["sent_at"] for step in answer["steps"] if step["is_write"]]
    assert fire < datetime.fromisoformat(min(writes))
    assert (answer["state"], answer["missed_fires"]) == ("succeeded", [])
    _fires_with(raw, project, first["snapshot"]["workflow_code"], version=1)
