"""What a DolphinScheduler kept of the past, as the product's client reads it."""

import json
import time

import pytest

from dolphin.errors import DolphinRejected
from dolphin.resources import resource_ids
from dolphin.running import ENDED, running
from tests.services.raw_dolphin import shell_task


@pytest.fixture
def changed(server):
    """A workflow of two tasks that ran at version 1 and was changed to version 2."""
    codes = server.raw.task_codes(server.project, 2)
    form = server.raw.form("每日 daily", dict(zip(codes, ("echo one", "echo b"), strict=True)))
    code = server.raw.create(server.project, form)
    server.raw.release(server.project, code, "ONLINE")
    start(server, code)
    server.raw.release(server.project, code, "OFFLINE")
    tasks = json.loads(form["taskDefinitionJson"])
    tasks[0]["taskParams"]["rawScript"] = "echo two"
    tasks = [{**task, "version": 1} for task in tasks]
    server.raw.data("PUT", server.path(f"/{code}"), **{**form, "taskDefinitionJson": json.dumps(tasks)})
    return code, codes


def start(server, code):
    """Start a run; where a master runs, wait until the run shows."""
    server.raw.start(server.project, code)
    deadline = time.monotonic() + 60
    while not server.is_old and not server.client.runs(server.project, code)[1]:
        assert time.monotonic() < deadline, "the run never showed"
        time.sleep(0.2)


def test_workflows_saved_within_a_second_are_all_listed(server):
    task = server.raw.task_codes(server.project, 1)[0]
    form = server.raw.form("daily", {task: "echo"})
    made = [server.raw.create(server.project, {**form, "name": f"daily {number}"}) for number in range(120)]
    for found in (server.client.workflow_rows(server.project), server.client.version_probe(server.project)):
        assert sorted(row["code"] for row in found) == sorted(made)


def test_the_version_log_holds_settings_but_no_tasks(server, changed):
    code, _ = changed
    rows = server.client.versions(server.project, code)
    assert [row["version"] for row in rows] == [2, 1]
    assert all("taskDefinitionList" not in row and row["operateTime"] for row in rows)
    assert server.client.versions_kept(server.project, code) == 2


def test_a_run_shows_the_version_that_ran(server, changed):
    if server.is_old:
        pytest.skip("no master runs beside the 2.0.5 API server of the tests")
    code, _ = changed
    (row,), total = server.client.runs(server.project, code, name_part="-1-20")
    assert (row["processDefinitionVersion"], total) == (1, 1)
    assert server.client.runs(server.project, code, name_part="-2-20") == ([], 0)
    dag = server.client.run(server.project, row["id"])["dagData"]
    assert {task["taskParams"]["rawScript"] for task in dag["taskDefinitionList"]} == {"echo one", "echo b"}
    assert dag["processDefinition"]["version"] == 1
    assert {relation["postTaskVersion"] for relation in dag["processTaskRelationList"]} == {1}
    with pytest.raises(DolphinRejected):
        server.client.run(server.project, 99_999_999)


def test_runs_of_a_deleted_workflow_are_not_listed_but_answer_by_id(server, changed):
    if server.is_old:
        pytest.skip("no master runs beside the 2.0.5 API server of the tests")
    code, _ = changed
    deadline = time.monotonic() + 60
    while (row := server.client.runs(server.project, code)[0][0])["state"] not in ("SUCCESS", "FAILURE"):
        assert time.monotonic() < deadline, "the run never ended"
        time.sleep(0.2)
    server.raw.data("DELETE", server.path(f"/{code}"))
    assert server.client.runs(server.project, code) == ([], 0)
    assert server.client.versions_kept(server.project, code) == 2
    dag = server.client.run(server.project, row["id"])["dagData"]
    assert {task["taskParams"]["rawScript"] for task in dag["taskDefinitionList"]} == {"echo one", "echo b"}


def test_task_versions_keep_old_scripts(server, changed):
    _, codes = changed
    scripts = {
        row["version"]: row["taskParams"]["rawScript"] for row in server.client.task_versions(server.project, codes[0])
    }
    assert scripts == {1: "echo one", 2: "echo two"}


def test_the_page_list_and_all_schedules(server, changed):
    code, _ = changed
    (row,) = server.client.workflow_rows(server.project)
    assert [row[key] for key in ("code", "version", "releaseState", "modifyBy")] == [code, 2, "OFFLINE", "admin"]
    server.raw.release(server.project, code, "ONLINE")
    server.raw.create_schedule(server.project, code, "0 0 3 * * ? *")
    assert [row["processDefinitionCode"] for row in server.client.all_schedules(server.project)] == [code]
    server.raw.create_schedule(server.project, code, "0 0 4 * * ? *")
    assert len(server.client.all_schedules(server.project)) == 2
    if server.is_old:
        assert len(server.client.workflow_rows(server.project)) == 1  # only newer pages look at schedules
        return
    for broken, number in ((server.client.workflow_rows, 10122), (server.client.lineage, 10161)):
        with pytest.raises(DolphinRejected) as caught:
            broken(server.project)
        assert caught.value.dolphin_code == number


def test_lineage_follows_dependent_tasks(server, changed):
    code, _ = changed
    item = {"projectCode": server.project, "definitionCode": code, "depTaskCode": 0, "cycle": "day"}
    item |= {"dateValue": "today", "status": ""}
    dependence = {"relation": "AND", "dependTaskList": [{"relation": "AND", "dependItemList": [item]}]}
    (task,) = server.raw.task_codes(server.project, 1)
    form = server.raw.form("waits", {task: "x"})
    row = {
        **shell_task(task, "wait", ""),
        "taskType": "DEPENDENT",
        "taskParams": {"localParams": [], "resourceList": [], "dependence": dependence},
    }
    form["taskDefinitionJson"] = json.dumps([row], separators=(",", ":"))
    child = server.raw.create(server.project, form)
    assert server.client.lineage(server.project) == [(code, child)]


def test_a_task_switched_off_by_itself_moves_no_version(server, changed):
    """Why an equal version number proves nothing: content changes under it."""
    code, codes = changed
    before = server.client.definition(server.project, code)
    path = f"/projects/{server.project}/task-definition/{codes[0]}/release"
    server.raw.data("POST", path, releaseState="OFFLINE")
    after = server.client.definition(server.project, code)
    assert after["processDefinition"]["version"] == before["processDefinition"]["version"]
    assert after["processDefinition"]["updateTime"] == before["processDefinition"]["updateTime"]
    flags = {row["code"]: row["flag"] for row in after["taskDefinitionList"]}
    assert flags[codes[0]] == "NO"


def test_data_sources_are_known_by_id(server):
    assert server.client.all_data_sources() == {1}


def test_a_run_at_work_is_told_from_those_that_ended(server):
    if server.is_old:
        pytest.skip("no master runs beside the 2.0.5 API server of the tests")
    (task,) = server.raw.task_codes(server.project, 1)
    code = server.raw.create(server.project, server.raw.form("long", {task: "sleep 20"}))
    assert running(server.client, server.project, code) == []
    server.raw.release(server.project, code, "ONLINE")
    start(server, code)
    if server.name == "sandbox":  # there every run has ended at once
        assert running(server.client, server.project, code) == []
        server.sandbox.state.instances[-1]["state"] = "RUNNING_EXECUTION"
    (run,) = running(server.client, server.project, code)
    assert (run["processDefinitionVersion"], run["state"] in ENDED) == (1, False)
    assert run["startTime"]


def test_files_of_the_resource_centre(server):
    assert resource_ids(server.client) == set()
    if server.name == "sandbox":
        server.sandbox.state.resources.append({"id": 1, "children": [{"id": 2, "children": []}]})
        assert resource_ids(server.client) == {1, 2}
