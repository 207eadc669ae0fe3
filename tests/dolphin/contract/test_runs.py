"""Runs by their schedule time: what starting one for a given time does, and how a run is found by it."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from definitions.cron import STAMP
from dolphin.errors import DolphinRejected
from dolphin.forms import start_form


@pytest.fixture
def workflow(server):
    form = server.raw.form("daily", dict.fromkeys(server.raw.task_codes(server.project, 1), "echo a"))
    return server.raw.create(server.project, form)


def start(server, code, moment):
    schedule = {"failureStrategy": "END", "warningType": "NONE", "warningGroupId": 0}
    form = start_form(schedule, flavour=server.client.flavour, workflow_code=code, time=moment)
    server.client.start_run(server.project, form)


def test_a_run_is_started_for_a_time_and_found_by_it(server, workflow):
    if server.is_old:
        assert not server.client.flavour.starts_for_a_time
        return  # nothing runs there
    server.raw.release(server.project, workflow, "ONLINE")
    now = datetime.now(UTC)
    wanted, since = ((now - timedelta(hours=hours)).strftime(STAMP) for hours in (3, 4))
    assert server.client.scheduled_runs(server.project, workflow, since) == set()
    start(server, workflow, wanted)
    deadline = time.monotonic() + 60
    while server.client.scheduled_runs(server.project, workflow, since) != {wanted}:
        assert time.monotonic() < deadline, server.raw.runs(server.project, workflow)
        time.sleep(0.5)
    (run,) = server.raw.runs(server.project, workflow)
    assert (run["commandType"], run["scheduleTime"]) == ("COMPLEMENT_DATA", wanted)
    later = (now + timedelta(hours=1)).strftime(STAMP)
    assert server.client.scheduled_runs(server.project, workflow, later) == set()


def test_an_offline_workflow_starts_nothing(server, workflow):
    with pytest.raises(DolphinRejected) as caught:
        start(server, workflow, "2026-01-01 03:00:00")
    assert caught.value.dolphin_code == 50004


def test_what_is_around_a_workflow(server):
    tenants = server.client.tenants()
    assert server.raw.tenant in (*tenants, "default")
    assert "default" in server.client.worker_groups()
    rows = server.raw.data("GET", "/environment/query-environment-list")  # other tests may have made some
    assert server.client.environments() == {row["code"] for row in rows}
    assert server.client.data_sources("MYSQL") == {1}
