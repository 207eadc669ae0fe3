"""Temporary workflows in bulk work: listed and marked, never taken under governance, counted as left out."""

import csv
import io

import pytest
from django.core.management import call_command

from audit.actors import SYSTEM
from catalog.models import Workflow
from operations.choices import Outcome, RunKind
from operations.exports import inventory_csv, items_csv, markdown
from operations.filters import InventoryFilter
from operations.inventory.summary import summarise
from operations.models import InventoryRow
from operations.run_slice import run_slice
from operations.start import start
from snapshotter.models import Snapshot

COPY = "orders_copy_20260101"
BULK = [RunKind.BASELINE, RunKind.BACKFILL]


def outcomes(run):
    return {item.name: item.outcome for item in run.items.all()}


@pytest.mark.parametrize(("kind", "other"), [(RunKind.BASELINE, "captured"), (RunKind.BACKFILL, "nothing")])
def test_left_out_and_counted(kind, other, do, make, dolphin):
    make("orders")
    code = make(COPY)
    dolphin.log.clear()
    run = do(kind)
    assert (outcomes(run), run.done) == ({"orders": other, COPY: "temporary"}, 2)
    assert not Workflow.objects.filter(workflow_code=code).exists()
    assert not [call for call in dolphin.log if str(code) in call.path], "it is not even read"
    assert outcomes(do(kind))[COPY] == "temporary"


def test_what_is_published_already_goes_on(do, make, raw, project):
    code = make("orders")
    do(RunKind.BASELINE)
    project.temporary_patterns = "orders"
    project.save()
    raw.edit(project.code, code, "echo new", online=False)
    assert outcomes(do(RunKind.BASELINE)) == {"orders": "captured"}
    assert outcomes(do(RunKind.BACKFILL))["orders"] != "temporary"
    do(RunKind.INVENTORY)
    row = InventoryRow.objects.get()
    assert (row.is_covered, row.temporary) == (True, False)


@pytest.mark.parametrize("kind", BULK)
def test_a_governed_row_that_never_had_a_version_does_not_count(kind, do, make, project):
    Workflow.objects.create(key="copy", project=project, workflow_code=make(COPY), name=COPY)
    assert outcomes(do(kind)) == {COPY: "temporary"}
    assert Snapshot.objects.count() == 0


def test_a_name_that_became_temporary_after_the_list(make, raw, project, publisher):
    code = make("orders")
    run, _ = start(RunKind.BASELINE, instance=project.instance, project=project, actor=publisher)
    run_slice(run.pk, -1.0)  # time for the list only
    shown = raw.definition(project.code, code)
    form = raw.form(COPY, {row["code"]: "echo a" for row in shown["taskDefinitionList"]})
    raw.data("PUT", f"/projects/{project.code}/process-definition/{code}", **form)
    run_slice(run.pk, 60.0)
    assert outcomes(run) == {"orders": "temporary"}
    assert (Workflow.objects.count(), Snapshot.objects.count()) == (0, 0)


def test_patterns_of_the_moment_count(make, project, publisher):
    make("scratch")
    run, _ = start(RunKind.BASELINE, instance=project.instance, project=project, actor=publisher)
    run_slice(run.pk, -1.0)
    type(project).objects.update(temporary_patterns="scratch")
    run_slice(run.pk, 60.0)
    assert outcomes(run) == {"scratch": "temporary"}


def test_an_inventory_lists_and_marks_them(do, make):
    make("orders")
    make(COPY)
    make("left")
    run = do(RunKind.INVENTORY)
    assert {row.item.name: row.temporary for row in InventoryRow.objects.all()} == {
        "orders": False,
        COPY: True,
        "left": False,
    }
    rows = InventoryRow.objects.select_related("item__run", "workflow").order_by("item__name")

    def named(covered):
        return [row.item.name for row in InventoryFilter({"covered": covered}, queryset=rows).qs]

    assert (named("no"), named("temporary"), named("yes")) == (["left", "orders"], [COPY], [])
    cells = {row["workflow"]: row["temporary"] for row in csv.DictReader(io.StringIO(inventory_csv(rows)))}
    assert cells == {"orders": "False", COPY: "True", "left": "False"}
    text = markdown(run, rows)
    assert "3 workflows, 0 online, 0 covered by a version, 1 temporary." in text
    assert [line for line in text.splitlines() if "offline, temporary" in line]


def test_coverage_is_of_what_is_not_temporary(do, make):
    make("orders")
    make(COPY)
    do(RunKind.BASELINE)
    found = summarise(do(RunKind.INVENTORY))
    assert (found.workflows, found.covered, found.temporary, found.percent) == (2, 1, 1, 100)


def test_projects_that_are_not_governed_have_no_patterns(do, raw, make, project, root):
    elsewhere = raw.create_project("elsewhere")
    raw.create(elsewhere, raw.form(COPY, {raw.task_codes(elsewhere, 1)[0]: "echo a"}))
    do(RunKind.INVENTORY, project=None, actor=root)
    assert [row.temporary for row in InventoryRow.objects.all()] == [False]


def test_pages_say_so(do, make, client, publisher):
    make(COPY)
    client.force_login(publisher)
    inventory, baseline = do(RunKind.INVENTORY), do(RunKind.BASELINE)
    page = client.get(f"/runs/{inventory.pk}/").content.decode()
    assert "◌ temporary" in page and "○ not covered" not in page
    page = client.get(f"/runs/{baseline.pk}/?outcome=temporary").content.decode()
    assert COPY in page and "temporary</a> <b>1</b>" in page
    page = client.get(f"/projects/{baseline.project_id}/inventory/").content.decode()
    assert "covered=temporary" in page


def test_a_baseline_as_csv(do, make):
    make(COPY)
    run = do(RunKind.BASELINE)
    (row,) = csv.DictReader(io.StringIO(items_csv(run.items.select_related("run"))))
    assert (row["workflow"], row["outcome"]) == (COPY, "temporary")


@pytest.mark.parametrize("kind", BULK)
def test_commands_count_them(kind, make, project, capsys):
    make(COPY)
    call_command(str(kind), project=str(project.code))
    assert "temporary 1" in capsys.readouterr().out.splitlines()


def test_the_inventory_command_marks_them(make, project, capsys):
    make(COPY)
    run, _ = start(RunKind.INVENTORY, instance=project.instance, project=project, actor=SYSTEM)
    call_command("inventory", project=str(project.code))
    assert f"warehouse/{COPY} (temporary): " in capsys.readouterr().out
    assert run.items.get().outcome == Outcome.SEEN
