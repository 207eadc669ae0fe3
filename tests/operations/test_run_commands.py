"""The commands: exit status 0, 1 and 2, and what they write."""

import io

import pytest
from django.core.management import CommandError, call_command

from operations.models import OperationRun
from snapshotter.models import Snapshot


def run(*command):
    """Return (exit status, output)."""
    out = io.StringIO()
    try:
        call_command(*command, stdout=out, stderr=io.StringIO())
    except SystemExit as exit:
        return exit.code, out.getvalue()
    return 0, out.getvalue()


def test_baseline(make, project):
    make("w")
    assert run("baseline", "--project", str(project.code)) == (0, "captured 1\n")
    assert run("baseline", "--instance", "sandbox") == (0, "unchanged 1\n")
    assert Snapshot.objects.count() == 1


def test_inventory_finds_nothing_then_something(make, raw, project, tmp_path):
    code = make("w")
    assert run("inventory", "--project", "warehouse")[0] == 0
    raw.release(project.code, code, "ONLINE")
    for _ in range(2):
        raw.create_schedule(project.code, code, "0 0 3 * * ? *")
    sheet, report = tmp_path / "inventory.csv", tmp_path / "inventory.md"
    status, text = run("inventory", "--instance", "sandbox", "--csv", str(sheet), "--markdown", str(report))
    assert (status, "two_schedules: It has 2 schedules." in text) == (1, True)
    assert "warehouse,w," in sheet.read_text() and report.read_text().startswith("# Inventory of sandbox")


def test_backfill_says_what_is_lost(make, raw, project):
    code = make("w")
    shown = raw.definition(project.code, code)
    form = raw.form("w", {row["code"]: "echo new" for row in shown["taskDefinitionList"]})
    raw.data("PUT", f"/projects/{project.code}/process-definition/{code}", **form)
    run("baseline", "--project", "warehouse")
    key = Snapshot.objects.get().workflow_id
    status, text = run("backfill", "--workflow", key)
    assert (status, "not recoverable 1: no run of it is left" in text) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [("--instance", "nowhere"), ("--project", "4711"), ("--project", "nothing"), ("--workflow", "none")],
)
def test_an_unknown_scope_is_status_2(arguments, project):
    with pytest.raises(CommandError) as caught:
        run("backfill", *arguments)
    assert caught.value.returncode == 2


def test_a_run_that_fails_is_status_2(make, project, dolphin):
    make("w")
    dolphin.fault("unauthorized", times=1)
    with pytest.raises(CommandError) as caught:
        run("baseline", "--project", "warehouse")
    assert caught.value.returncode == 2
    assert OperationRun.objects.get().state == "failed"
