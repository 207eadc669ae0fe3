"""Rolling back, end to end: API calls as a platform makes them, Celery workers, MySQL, the real DolphinScheduler.

Equal is judged by raw calls, not by the product's client.
"""

import copy
import json
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
import requests

from tests.definitions.documents import SCHEDULE, c1
from tests.services.raw_dolphin import shell_task

pytestmark = pytest.mark.dolphin_mysql

RIGHTS = """
from django.contrib.auth.models import User
from guardian.shortcuts import assign_perm
from catalog.models import Project
user, project = User.objects.get(username="svc-platform"), Project.objects.get(code={code})
for name in ("request_rollback", "execute_rollback"):
    assign_perm(f"catalog.{{name}}_project", user, project)
"""
AGREED = [
    "goes_online",
    "schedule_on",
    "deletes_schedule",
    "goes_offline",
    "schedule_off",
    "dependents",
    "overwrites_edit",
    "lineage_not_written",
]


@pytest.fixture(scope="module")
def rights(stack, project, token):
    stack.shell(RIGHTS.format(code=project))


@pytest.fixture
def post(stack, token, rights):
    def call(path, **body):
        headers = {"Authorization": f"Bearer {token}"}
        said = requests.post(f"{stack.url}/api/v1/{path}", json=body, headers=headers, timeout=120)
        return said.status_code, said.json()

    return call


@pytest.fixture
def roll_back(post):
    """Ask, execute and wait for the end; return the rollback."""

    def go(key, version, **choices):
        body = {"version": version, "reason": "proof", "acknowledge": AGREED, "execute": True, **choices}
        status, said = post(f"workflows/{key}/rollbacks?wait=60", **body)
        assert (status, said.get("state")) == (200, "done"), said
        return said

    return go


def shown(raw, project, code):
    """What DolphinScheduler shows of a workflow, reduced by hand to what a person would check."""
    data = raw.definition(project, code)
    definition = data["processDefinition"]
    return {
        "state": definition["releaseState"],
        "timeout": definition["timeout"],
        "parameters": json.loads(definition["globalParams"] or "[]"),
        "tasks": {
            task["name"]: (task["code"], task["taskType"], task["failRetryTimes"], task["taskParams"])
            for task in data["taskDefinitionList"]
        },
        "edges": sorted((row["preTaskCode"], row["postTaskCode"]) for row in data["processTaskRelationList"]),
        "rows": len(data["taskDefinitionList"]),
        "schedules": [(row["crontab"], row["releaseState"]) for row in raw.schedules(project, code)],
    }


def without_states(view):
    return {**view, "state": "", "schedules": [crontab for crontab, _state in view["schedules"]]}


def fires_with(raw, project, code, version):
    deadline = time.monotonic() + 60
    while True:
        runs = raw.runs(project, code)
        if any(run["commandType"] == "SCHEDULER" and run["processDefinitionVersion"] == version for run in runs):
            return
        assert time.monotonic() < deadline, f"no run of version {version} among {len(runs)}"
        time.sleep(1)


@pytest.fixture
def three_versions(publish, project, dolphin_311_mysql):
    """v1: three tasks; v2: another script, retries, parameter, time-out and cron; v3: a task goes, one comes, edges move."""
    raw = dolphin_311_mysql
    codes = raw.task_codes(project, 4)

    def make(key):
        schedule = {**SCHEDULE, "crontab": "0/5 * * * * ? *", "releaseState": "ONLINE"}
        first = c1(
            dict(zip(codes, ("echo 抽取", "echo load", "echo check"), strict=False)), name=key, schedule=schedule
        )
        first["definitions"]["settings"] = {"tenantCode": raw.tenant}
        second = copy.deepcopy(first)
        second["schedule"] = {**schedule, "crontab": "0/7 * * * * ? *"}
        second["definitions"]["settings"] |= {
            "timeout": 30,
            "globalParams": [{"prop": "day", "direct": "IN", "type": "VARCHAR", "value": "1"}],
        }
        task = second["definitions"]["tasks"][str(codes[1])]
        task["taskParams"]["rawScript"] = "echo load --fast"
        task["failRetryTimes"] = 2
        third = copy.deepcopy(second)
        del third["definitions"]["tasks"][str(codes[2])]
        added = shell_task(codes[3], "dedup", "echo dedup")
        third["definitions"]["tasks"][str(codes[3])] = {
            name: added[name] for name in ("name", "taskType", "taskParams", "flag", "failRetryTimes") if name in added
        }
        pairs = [(0, codes[0]), (codes[0], codes[3]), (codes[3], codes[1])]
        third["relations"] = [{"preTaskCode": pre, "postTaskCode": post} for pre, post in pairs]
        third["layout"] = None
        views = {}
        for number, body in enumerate((first, second, third), start=1):
            answer = publish(key, body, online="on", schedule="from_definition", message=f"v{number}")
            assert answer["sync"]["state"] == "succeeded", answer
            code = answer["snapshot"]["workflow_code"]
            views[number] = shown(raw, project, code)
        return code, views

    return make


def test_workflow_lifecycle_full(three_versions, roll_back, project, dolphin_311_mysql, get):
    """`WorkflowLifecycleFullTest` of the plan: create, publish, change, publish, roll back; DolphinScheduler equals the snapshot."""
    raw = dolphin_311_mysql
    code, views = three_versions("lifecycle")
    assert len({json.dumps(view, sort_keys=True) for view in views.values()}) == 3
    before = raw.definition(project, code)["processDefinition"]["version"]
    for number, version in ((4, 1), (5, 2), (6, 3), (7, 1)):
        done = roll_back("lifecycle", version, schedule="from_definition")
        assert done["result_version"] == number
        assert shown(raw, project, code) == views[version], f"after going to v{version}"
        made = get(f"workflows/lifecycle/versions/{number}")
        target = get(f"workflows/lifecycle/versions/{version}")
        assert (made["status"], made["trigger"], made["rollback_of"]) == ("published", "rollback", target["id"])
        assert made["content_hash"] == target["content_hash"]
    present = raw.definition(project, code)["processDefinition"]["version"]
    assert present == before + 4
    fires_with(raw, project, code, present)


def by_name(view):
    """The same without codes: a workflow that was made anew has others, and is known by its tasks' names."""
    names = {code: name for name, (code, *_rest) in view["tasks"].items()} | {0: ""}
    tasks = {name: tuple(rest) for name, (_code, *rest) in view["tasks"].items()}
    return {**view, "tasks": tasks, "edges": sorted((names[pre], names[post]) for pre, post in view["edges"])}


def test_after_a_delete_it_is_made_anew_and_goes_on(three_versions, roll_back, project, dolphin_311_mysql, get):
    raw = dolphin_311_mysql
    former, views = three_versions("deleted")
    raw.release(project, former, "OFFLINE")
    deadline = time.monotonic() + 60
    while raw.call("DELETE", f"/projects/{project}/process-definition/{former}")["code"] != 0:
        assert time.monotonic() < deadline, "its last runs did not end"  # 10163 while one is under way
        time.sleep(1)
    done = roll_back("deleted", 2, act="restore", schedule="from_definition")
    assert done["result_version"] == 4
    code = get("workflows/deleted")["workflow_code"]
    assert code != former
    made = shown(raw, project, code)
    assert by_name(made) == by_name(views[2])
    assert not {task[0] for task in made["tasks"].values()} & {task[0] for task in views[2]["tasks"].values()}
    hashes = [get(f"workflows/deleted/versions/{number}")["content_hash"] for number in (2, 4)]
    assert hashes[0] == hashes[1], "tasks keep their identity"
    for version in (1, 3, 2):
        roll_back("deleted", version, schedule="from_definition")
        assert by_name(shown(raw, project, code)) == by_name(views[version]), version
    fires_with(raw, project, code, raw.definition(project, code)["processDefinition"]["version"])


def test_states_are_as_chosen(three_versions, roll_back, project, dolphin_311_mysql):
    raw = dolphin_311_mysql
    code, views = three_versions("chosen")
    cases = [
        ({"schedule": "keep"}, "ONLINE", [("0/7 * * * * ? *", "ONLINE")]),
        ({"schedule": "off"}, "ONLINE", [("0/7 * * * * ? *", "OFFLINE")]),
        ({"schedule": "keep"}, "ONLINE", [("0/7 * * * * ? *", "OFFLINE")]),
        ({"schedule": "from_definition", "schedule_state": "on"}, "ONLINE", None),
        ({"schedule": "keep", "online": "off"}, "OFFLINE", None),
        ({"schedule": "keep", "online": "on", "schedule_state": "on"}, "ONLINE", None),
    ]
    targets = [1, 2, 1, 2, 3, 1]
    schedules = views[3]["schedules"]
    for version, (choices, state, expected) in zip(targets, cases, strict=True):
        roll_back("chosen", version, **choices)
        found = shown(raw, project, code)
        assert without_states(found)["tasks"] == views[version]["tasks"], choices
        assert found["edges"] == views[version]["edges"]
        assert found["state"] == state, choices
        if choices["schedule"] == "from_definition":
            schedules = views[version]["schedules"]
        wanted = expected or [(cron, "OFFLINE" if state == "OFFLINE" else "ONLINE") for cron, _ in schedules]
        assert found["schedules"] == wanted, choices


def test_an_edit_after_the_request_is_not_overwritten(three_versions, post, project, dolphin_311_mysql):
    raw = dolphin_311_mysql
    code, _views = three_versions("edited")
    status, made = post("workflows/edited/rollbacks", version=1, reason="proof", acknowledge=AGREED)
    assert status == 201, made
    raw.edit(project, code, "echo theirs")
    status, said = post(f"rollbacks/{made['id']}/execute")
    assert (status, said["code"], said["extra"]["moved"]) == (409, "voided", "live_moved")
    assert any(task[3]["rawScript"] == "echo theirs" for task in shown(raw, project, code)["tasks"].values())


MANY = 20


@pytest.fixture
def two_versions(publish, project, dolphin_311_mysql):
    raw = dolphin_311_mysql

    def make(key):
        codes = raw.task_codes(project, 2)
        for script in ("echo one", "echo two"):
            body = c1(dict.fromkeys(codes, script), name=key)
            body["definitions"]["settings"] = {"tenantCode": raw.tenant}
            answer = publish(key, body)
            assert answer["sync"]["state"] == "succeeded", answer
        return answer["snapshot"]["workflow_code"]

    return make


def spans_of(stack, key):
    """When each write of a workflow was under way, from the journals."""
    code = (
        "from snapshotter.models import SyncStep\n"
        f"rows = SyncStep.objects.filter(sync__workflow__key={key!r}, is_write=True).order_by('sent_at')\n"
        "print([(row.sync_id, row.sent_at.timestamp(), row.answered_at.timestamp()) for row in rows])"
    )
    return json.loads(stack.shell(code).strip().splitlines()[-1].replace("(", "[").replace(")", "]"))


def test_twenty_at_once_on_twenty_workflows(two_versions, post, ended, project, dolphin_311_mysql, stack):
    raw = dolphin_311_mysql
    codes = {f"wide-{number}": two_versions(f"wide-{number}") for number in range(MANY)}
    body = {"version": 1, "reason": "all of them", "acknowledge": AGREED, "execute": True}
    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(lambda key: post(f"workflows/{key}/rollbacks", **body), codes))
    assert {status for status, _ in answers} == {202}, answers
    begun = [said for _, said in answers]
    assert {ended(said["sync"])["state"] for said in begun} == {"succeeded"}
    for said in begun:
        scripts = {task[3]["rawScript"] for task in shown(raw, project, codes[said["workflow"]])["tasks"].values()}
        assert scripts == {"echo one"}
    assert "Deadlock" not in stack.logs()


def test_twenty_at_once_on_one_workflow(two_versions, post, publish, ended, project, dolphin_311_mysql, stack):
    """With publishes and captures among them: one change at a time, none interleaved at DolphinScheduler's side."""
    raw = dolphin_311_mysql
    code = two_versions("narrow")
    asked = {"version": 1, "reason": "me first", "acknowledge": AGREED, "execute": True}
    other = c1(dict.fromkeys(raw.task_codes(project, 1), "echo three"), name="narrow")
    other["definitions"]["settings"] = {"tenantCode": raw.tenant}

    def act(number):
        if number % 7 == 3:
            return post("workflows/narrow/capture")
        if number % 7 == 5:
            return post("workflows/narrow/publish", definition=other, force=True, reason="race")
        return post("workflows/narrow/rollbacks", **asked)

    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(act, range(MANY)))
    begun = [said for status, said in answers if status == 202]
    refused = {said["code"] for status, said in answers if status >= 400}
    expected = {
        "workflow_locked",
        "already_requested",
        "state_conflict",
        "nothing_to_do",
        "voided",
        "live_busy",
        "busy",
    }
    assert begun and refused <= expected, refused
    syncs = [said["sync"] if isinstance(said["sync"], int) else said["sync"]["id"] for said in begun]
    states = {ended(sync)["state"] for sync in syncs}
    assert states <= {"succeeded", "failed"}
    spans = spans_of(stack, "narrow")
    for (one, _, answered), (two, sent, _) in pairwise(spans):
        assert sent >= answered or one == two, "two changes interleaved"
    scripts = {task[3]["rawScript"] for task in shown(raw, project, code)["tasks"].values()}
    assert len(scripts) == 1
    assert "Deadlock" not in stack.logs()
