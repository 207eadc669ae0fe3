"""Runs that are under way while one goes back."""

from rollback.impact.findings import Weight
from tests.rollback.impact.conftest import codes, finding, workflow_of


def start(raw, project, dolphin, *states):
    code = workflow_of("orders").workflow_code
    for state in states:
        raw.start(project.code, code)
        dolphin.state.instances[-1]["state"] = state  # the sandbox ends each at once
    return code


def test_runs_under_way_are_shown_and_stop_nothing(history, ask, raw, project, dolphin):
    start(raw, project, dolphin, "RUNNING_EXECUTION", "SUCCESS", "SERIAL_WAIT", "FAILURE", "READY_STOP")
    found = ask()
    assert [run.state for run in found.running] == ["READY_STOP", "SERIAL_WAIT", "RUNNING_EXECUTION"]
    assert {run.version for run in found.running} == {2} and all(run.started for run in found.running)
    row = finding(found, "running_instances")
    assert (row.weight, row.values["count"]) == (Weight.NOTE, 3)


def test_an_old_run_behind_hundreds_that_ended_is_found(history, ask, raw, project, dolphin):
    start(raw, project, dolphin, "RUNNING_EXECUTION")
    first = dolphin.state.instances[-1]
    dolphin.state.instances += [{**first, "id": first["id"] + n, "state": "SUCCESS"} for n in range(1, 250)]
    assert [run.id for run in ask().running] == [first["id"]]


def test_no_run_no_finding(history, ask, raw, project, dolphin):
    start(raw, project, dolphin, "SUCCESS")
    found = ask()
    assert (found.running, "running_instances" in codes(found)) == ([], False)


def test_a_refused_list_is_a_gap_with_its_reason(history, ask, dolphin):
    dolphin.fault("html", method="GET", path="process-instances")
    found = ask()
    assert found.running is None
    row = finding(found, "cannot_tell")
    assert (row.values["part"], "instead of JSON" in row.values["because"]) == ("running", True)
