"""Taking stock: facts, coverage, limits and risks as DolphinScheduler shows them."""

import json

import pytest

from operations.choices import Level, RunKind, RunState
from operations.inventory.limits import in_words
from operations.inventory.risk_words import LEVELS, meaning, what
from operations.models import InventoryRow
from snapshotter.models import Snapshot
from tests.services.raw_dolphin import shell_task

INVENTORY = RunKind.INVENTORY


def rows():
    return {row.item.name: row for row in InventoryRow.objects.select_related("item")}


def risks(name):
    return {risk["code"]: risk for risk in rows()[name].risks}


def run_once(raw, project, code):
    raw.release(project.code, code, "ONLINE")
    raw.start(project.code, code)
    raw.release(project.code, code, "OFFLINE")


def change(raw, project, code, script):
    shown = raw.definition(project.code, code)
    form = raw.form(shown["processDefinition"]["name"], {row["code"]: script for row in shown["taskDefinitionList"]})
    versions = {row["code"]: row["version"] for row in shown["taskDefinitionList"]}
    tasks = [{**row, "version": versions[row["code"]]} for row in json.loads(form["taskDefinitionJson"])]
    path = f"/projects/{project.code}/process-definition/{code}"
    raw.data("PUT", path, **{**form, "taskDefinitionJson": json.dumps(tasks)})


def test_the_facts_of_a_workflow(do, make, raw, project, dolphin):
    code = make("orders", "echo 一")
    raw.release(project.code, code, "ONLINE")
    raw.create_schedule(project.code, code, "0 0 3 * * ? *", online=True)
    dolphin.log.clear()
    run = do(INVENTORY)
    assert (run.state, run.total) == (RunState.SUCCEEDED, 1)
    row = rows()["orders"]
    facts = (row.online, row.schedules, row.schedule_online, row.crontab, row.dolphin_version, row.versions_kept)
    assert facts == (True, 1, True, "0 0 3 * * ? *", 1, 1)
    assert (row.task_count, row.task_types, row.changed_by, row.snapshots) == (2, {"SHELL": 2}, "admin", 0)
    assert row.size > 100 and row.changed_at
    assert (row.level, row.risks, row.is_covered) == (Level.NONE, [], False)
    # page list, lineage, schedules; of the workflow: definition, versions
    assert len(dolphin.log) == run.calls == 5


def test_limits_say_what_can_be_gone_back_to(do, make, raw, project):
    code = make("past")
    run_once(raw, project, code)
    for script in ("two", "three", "four"):
        change(raw, project, code, f"echo {script}")
    do(INVENTORY)
    row = rows()["past"]
    assert row.limits == {"snapshots": 0, "recoverable": [1], "lost": [2, 3], "unsure": []}
    assert risks("past")["history_lost"]["versions"] == [2, 3]
    do(RunKind.BACKFILL)
    do(RunKind.BASELINE)
    do(INVENTORY)
    row = InventoryRow.objects.latest("pk")
    assert row.limits == {"snapshots": 2, "recoverable": [], "lost": [2, 3], "unsure": []}
    text = in_words(row.limits)
    assert text.startswith("Can go back to 2 versions.") and "versions 2–3 are not recoverable" in text


def test_what_is_deleted_in_dolphinscheduler_stays_listed(do, make, raw, project):
    code = make("gone")
    do(RunKind.BASELINE)
    raw.data("DELETE", f"/projects/{project.code}/process-definition/{code}")
    do(INVENTORY)
    row = rows()["gone"]
    assert (row.exists, row.online, row.snapshots, [risk["code"] for risk in row.risks]) == (
        False,
        None,
        1,
        ["deleted"],
    )


def test_risks_of_the_content(do, make, raw, project):
    sub = {"taskType": "SUB_PROCESS", "taskParams": {"processDefinitionCode": 4711, "localParams": []}}
    item = {"projectCode": project.code, "definitionCode": 4712, "depTaskCode": 0, "cycle": "day", "dateValue": "today"}
    dependence = {"relation": "AND", "dependTaskList": [{"relation": "AND", "dependItemList": [item]}]}
    wait = {"taskType": "DEPENDENT", "taskParams": {"dependence": dependence, "localParams": []}}
    sql = {"taskType": "SQL", "taskParams": {"type": "HIVE", "datasource": 99, "sql": "select 1", "localParams": []}}
    file = {"rawScript": "echo", "localParams": [], "resourceList": [{"id": 3, "resourceName": "/jars/a.jar"}]}
    hidden = {"prop": "password", "direct": "IN", "type": "VARCHAR", "value": "******"}
    secret = {"rawScript": "mysql", "localParams": [hidden], "resourceList": []}
    codes = raw.task_codes(project.code, 5)
    form = raw.form("everything", dict.fromkeys(codes, "echo"))
    kinds = (sub, wait, sql, {"taskParams": file}, {"taskParams": secret})
    tasks = [{**shell_task(code, "same", "echo"), **kind} for code, kind in zip(codes, kinds, strict=True)]
    form["taskDefinitionJson"] = json.dumps(tasks)
    raw.create(project.code, form)
    run = do(INVENTORY)
    assert run.items.counted() == {"seen": 1}
    found = risks("everything")
    assert found.keys() >= {
        *("missing_sub_workflows", "missing_dependencies", "missing_data_sources", "uses_resources"),
        *("task_names_twice", "masked_secret"),
    }
    assert found["missing_sub_workflows"]["codes"] == [4711]
    assert rows()["everything"].level == Level.BLOCKS
    assert next(iter(found)) == "masked_secret"  # the gravest first


def test_risks_of_names_schedules_and_shape(do, make, raw, project, dolphin):
    plain, doubled, spoilt, asleep = make("Daily"), make("doubled"), make("spoilt"), make("asleep")
    dolphin.state.definition(project.code, plain)["name"] = "daily "
    make("DAILY x")
    dolphin.state.definition(project.code, spoilt)["name"] = "DAILY"
    for code, times in ((doubled, 2), (asleep, 1)):
        raw.release(project.code, code, "ONLINE")
        for _ in range(times):
            raw.create_schedule(project.code, code, "0 0 3 * * ? *", online=times == 1)
    raw.call("GET", f"/projects/{project.code}/process-definition/{asleep}/versions/1")  # the native switch
    task = dolphin.state.relations(spoilt, 1)[0]["postTaskCode"]
    dolphin.state.task_log[task].append(dict(dolphin.state.task_log[task][0]))
    run = do(INVENTORY)  # the page list is down: a schedule is doubled
    assert run.items.counted() == {"seen": 5}
    assert "two_schedules" in risks("doubled")
    assert risks("asleep").keys() == {"sleeping_schedule"}
    assert risks("DAILY").keys() == {"corrupt", "names_alike"}
    assert risks("daily ")["names_alike"]["names"] == ["DAILY"]


def test_a_whole_instance_shows_projects_nobody_governs(do, make, raw, project, root):
    make("governed")
    other = raw.create_project("other")
    raw.create(other, raw.form("free", dict.fromkeys(raw.task_codes(other, 1), "echo")))
    run = do(INVENTORY, project=None, actor=root)
    listed = {(item.project_name, item.name, item.project) for item in run.items.all()}
    assert listed == {("warehouse", "governed", project), ("other", "free", None)}
    assert not Snapshot.objects.exists()


def test_a_rerun_after_a_kill_leaves_one_row_each(do, make, project, publisher):
    from operations.models import OperationItem
    from operations.run_slice import run_slice

    make("w")
    run = do(INVENTORY)
    OperationItem.objects.update(outcome="pending")
    type(run).objects.filter(pk=run.pk).update(state="queued", done=0)
    assert run_slice(run.pk, 60.0)
    assert InventoryRow.objects.count() == 1


@pytest.mark.parametrize("code", sorted(LEVELS))
def test_every_risk_is_put_in_words(code):
    args = {"problem": "p", "versions": [1, 2, 5], "names": ["x"], "codes": [7], "paths": ["p"], "size": 1}
    risk = {"code": code, "count": 2, "tasks": 3, **args}
    assert what(risk) and meaning(risk)
    assert "%(" not in what(risk)
    assert "1–2, 5" in what(risk) or "versions" not in what(risk)


@pytest.mark.parametrize("page", ["review.md", "review.zh.md"])
def test_every_risk_stands_in_the_papers_for_the_review(page):
    from tests.meta.test_documented import docs

    assert not [code for code in LEVELS if f"`{code}`" not in docs(page)]
