"""What the sandbox must get as wrong as the real server: overlapping updates, and a state that survives a restart."""

import json
import threading

from dolphin.client import DolphinClient
from dolphin.observe import observe
from dolphin.sandbox import Sandbox
from tests.services.raw_dolphin import RawDolphin


def put(raw, project, code, script):
    data = raw.definition(project, code)
    (task,) = data["taskDefinitionList"]
    form = raw.form(data["processDefinition"]["name"], {task["code"]: script})
    form["taskDefinitionJson"] = json.dumps([{**task, "taskParams": {"rawScript": script, "localParams": []}}])
    return raw.call("PUT", f"/projects/{project}/process-definition/{code}", **form)


def test_overlapping_updates_double_the_tasks_and_it_is_seen():
    with Sandbox() as sandbox:
        raw = RawDolphin(sandbox.url, sandbox.token)
        (task,) = raw.task_codes(sandbox.project, 1)
        code = raw.create(sandbox.project, raw.form("w", {task: "echo"}))
        sandbox.slow_put = 0.3
        threads = [threading.Thread(target=put, args=(raw, sandbox.project, code, f"echo {n}")) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with DolphinClient(sandbox.url, sandbox.token) as client:
            live = observe(client, sandbox.project, code)
        assert live.state.corrupt
        assert any("stands 2 times" in problem for problem in live.problems)
        sandbox.slow_put = 0.0
        rows = raw.definition(sandbox.project, code)["taskDefinitionList"]
        form = raw.form("w", {task: "echo later"})
        form["taskDefinitionJson"] = json.dumps([{**rows[0], "taskParams": {"rawScript": "echo later"}}])
        assert raw.call("PUT", f"/projects/{sandbox.project}/process-definition/{code}", **form)["code"] == 10107


def test_the_state_survives_a_restart(tmp_path):
    file = tmp_path / "state.json"
    with Sandbox(state_file=file, examples=True) as sandbox:
        before = sorted(row["name"] for row in sandbox.state.in_project(sandbox.project))
    with Sandbox(state_file=file) as sandbox:
        assert sorted(row["name"] for row in sandbox.state.in_project(sandbox.project)) == before
        assert len(before) == 4
