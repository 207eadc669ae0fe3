"""Runs are looked for by their schedule time: a run that is not seen would be called missed, and perhaps started twice."""

import pytest

from dolphin.client import DolphinClient
from dolphin.sandbox import Sandbox


@pytest.mark.parametrize("count", [3, 100, 250])
def test_runs_that_began_within_one_second_are_all_seen(count):
    with Sandbox(examples=True) as sandbox, DolphinClient(sandbox.url, sandbox.token) as client:
        row = sandbox.state.in_project(sandbox.project)[0]
        times = [f"2026-02-01 {number // 60:02}:{number % 60:02}:00" for number in range(count)]
        of = {"processDefinitionCode": row["code"], "projectCode": sandbox.project, "name": "a run"}
        for number, moment in enumerate(times):
            run = {**of, "id": 1_000 + number, "scheduleTime": moment, "startTime": "2026-03-01 03:00:00"}
            sandbox.state.instances.append(run)
        sandbox.state.instances.append({**of, "id": 1, "scheduleTime": "long ago", "startTime": "2026-02-28 23:59:59"})
        assert client.scheduled_runs(sandbox.project, row["code"], "2026-03-01 00:00:00") == set(times)
