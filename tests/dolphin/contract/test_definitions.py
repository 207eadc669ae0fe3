"""What a DolphinScheduler does with definitions, asked by raw calls."""

import json

import pytest

from tests.services.raw_dolphin import shell_task


@pytest.fixture
def workflow(server):
    codes = server.raw.task_codes(server.project, 3)
    scripts = dict(zip(codes, ("echo a", "echo b", "echo c"), strict=True))
    return server.raw.create(server.project, server.raw.form("daily", scripts)), scripts


def tasks_of(server, code):
    data = server.raw.definition(server.project, code)
    return {task["code"]: task for task in data["taskDefinitionList"]}, data["processDefinition"]


def put(server, code, form):
    return server.raw.call("PUT", server.path(f"/{code}"), **form)


def echo(server, code, **changes):
    """Return a form that sends back what is live; `changes` by task code."""
    tasks, definition = tasks_of(server, code)
    scripts = {task: row["taskParams"]["rawScript"] for task, row in sorted(tasks.items())}
    form = server.raw.form(definition["name"], scripts)
    rows = [{**row, **changes.get(str(task), {})} for task, row in sorted(tasks.items())]
    form["taskDefinitionJson"] = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return form


def test_a_created_workflow_is_offline_at_version_1(server, workflow):
    code, scripts = workflow
    tasks, definition = tasks_of(server, code)
    assert (definition["releaseState"], definition["version"]) == ("OFFLINE", 1)
    assert {task: row["taskParams"]["rawScript"] for task, row in tasks.items()} == scripts
    assert {row["version"] for row in tasks.values()} == {1}


def test_an_update_needs_the_workflow_offline(server, workflow):
    code, _ = workflow
    server.raw.release(server.project, code, "ONLINE")
    assert put(server, code, echo(server, code))["code"] == 50008
    server.raw.release(server.project, code, "OFFLINE")
    assert put(server, code, echo(server, code))["code"] == 0
    assert tasks_of(server, code)[1]["version"] == 2


def test_only_the_changed_task_gets_a_version(server, workflow):
    code, scripts = workflow
    first = min(scripts)
    changed = {"taskParams": {"localParams": [], "rawScript": "echo changed", "resourceList": []}}
    assert put(server, code, echo(server, code, **{str(first): changed}))["code"] == 0
    tasks, _ = tasks_of(server, code)
    assert {task: row["version"] for task, row in tasks.items()} == {
        task: 2 if task == first else 1 for task in scripts
    }


def test_the_highest_known_version_brings_a_removed_task_back(server, workflow):
    code, scripts = workflow
    removed = max(scripts)
    form = echo(server, code)
    for key, end in (("taskDefinitionJson", "code"), ("taskRelationJson", "postTaskCode")):
        form[key] = json.dumps([row for row in json.loads(form[key]) if row[end] != removed])
    assert put(server, code, form)["code"] == 0
    rows = json.loads(form["taskDefinitionJson"])
    rows.append(shell_task(removed, "task 2", "echo again", version=1))
    relations = json.loads(form["taskRelationJson"])
    relations.append({**relations[-1], "postTaskCode": removed, "preTaskCode": min(scripts)})
    form |= {"taskDefinitionJson": json.dumps(rows), "taskRelationJson": json.dumps(relations)}
    assert put(server, code, form)["code"] == 0
    tasks, _ = tasks_of(server, code)
    assert (tasks[removed]["taskParams"]["rawScript"], tasks[removed]["version"]) == ("echo again", 2)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"taskRelationJson": "[]"}, 50017),
        ({"taskDefinitionJson": "{"}, 50017),
        ({"description": "x" * 256}, 1400004),
    ],
)
def test_refusals(server, workflow, change, code):
    made, _ = workflow
    if server.is_old and code == 1400004:
        change, code = {"taskDefinitionJson": "[]"}, 50017
    assert put(server, made, {**echo(server, made), **change})["code"] == code


def test_a_taken_name_a_missing_workflow_and_a_wrong_token(server, workflow):
    form = server.raw.form("daily", dict.fromkeys(server.raw.task_codes(server.project, 1), "echo"))
    assert server.raw.call("POST", server.path(), **form)["code"] == 10168
    assert server.raw.call("GET", server.path("/1"))["code"] == 50003


def test_release_twice_is_fine(server, workflow):
    code, _ = workflow
    for state in ("ONLINE", "ONLINE", "OFFLINE", "OFFLINE"):
        server.raw.release(server.project, code, state)
        assert tasks_of(server, code)[1]["releaseState"] == state


def test_a_cycle_is_refused(server, workflow):
    code, _ = workflow
    form = echo(server, code)
    relations = json.loads(form["taskRelationJson"])
    first, last = relations[0]["postTaskCode"], relations[-1]["postTaskCode"]
    relations[0]["preTaskCode"] = last
    assert first != last
    assert put(server, code, {**form, "taskRelationJson": json.dumps(relations)})["code"] == 50019
