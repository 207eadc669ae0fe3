"""What a DolphinScheduler does with schedules."""

import json
import time

import pytest

from tests.services.raw_dolphin import schedule_times


@pytest.fixture
def workflow(server):
    scripts = dict.fromkeys(server.raw.task_codes(server.project, 1), "echo a")
    code = server.raw.create(server.project, server.raw.form("daily", scripts))
    server.raw.release(server.project, code, "ONLINE")
    return code


def state(server, code):
    (row,) = server.raw.schedules(server.project, code)
    return row["releaseState"]


def test_offline_takes_the_schedule_along_and_online_does_not_bring_it_back(server, workflow):
    server.raw.create_schedule(server.project, workflow, "0 0 3 * * ? *", online=True)
    assert state(server, workflow) == "ONLINE"
    server.raw.release(server.project, workflow, "OFFLINE")
    assert state(server, workflow) == "OFFLINE"
    server.raw.release(server.project, workflow, "ONLINE")
    assert state(server, workflow) == "OFFLINE"


def test_states_that_are_so_already_and_changes_while_online(server, workflow):
    made = server.raw.create_schedule(server.project, workflow, "0 0 3 * * ? *", online=True)
    assert server.raw.call("POST", server.schedules(f"/{made}/online"))["code"] == 10126
    times = json.dumps(schedule_times("0 0 4 * * ? *"))
    update = {"schedule": times, "warningGroupId": 0, "warningType": "NONE", "processInstancePriority": "MEDIUM"}
    assert server.raw.call("PUT", server.schedules(f"/{made}"), **update)["code"] == 10023
    server.raw.data("POST", server.schedules(f"/{made}/offline"))
    assert server.raw.call("PUT", server.schedules(f"/{made}"), **update)["code"] == 0
    assert server.raw.schedules(server.project, workflow)[0]["crontab"] == "0 0 4 * * ? *"


def test_what_a_schedule_needs(server, workflow):
    server.raw.release(server.project, workflow, "OFFLINE")
    times = json.dumps(schedule_times("0 0 3 * * ? *"))
    form = {"processDefinitionCode": workflow, "schedule": times}
    assert server.raw.call("POST", server.schedules(), **form)["code"] == 50004
    server.raw.release(server.project, workflow, "ONLINE")
    bad = json.dumps(schedule_times("not a cron"))
    assert server.raw.call("POST", server.schedules(), **{**form, "schedule": bad})["code"] == 10001
    made = server.raw.create_schedule(server.project, workflow, "0 0 3 * * ? *")
    server.raw.release(server.project, workflow, "OFFLINE")
    assert server.raw.call("POST", server.schedules(f"/{made}/online"))["code"] == 50004


def test_a_second_schedule_breaks_the_list_but_not_the_schedule_list(server, workflow):
    for _ in range(2):
        server.raw.create_schedule(server.project, workflow, "0 0 3 * * ? *")
    assert len(server.raw.schedules(server.project, workflow)) == 2
    answer = server.raw.call("POST", server.path(f"/{workflow}/release"), releaseState="OFFLINE")
    assert answer["code"] == 10108


def test_an_online_schedule_fires(server, workflow):
    if server.is_old:
        return  # its API server runs alone: nothing fires there
    server.raw.create_schedule(server.project, workflow, "0/2 * * * * ? *", online=True)
    deadline = time.monotonic() + 30
    while not any(run["commandType"] == "SCHEDULER" for run in server.raw.runs(server.project, workflow)):
        assert time.monotonic() < deadline, "no run within 30 s"
        time.sleep(0.5)
