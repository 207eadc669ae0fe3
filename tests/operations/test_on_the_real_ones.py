"""Inventory, baseline and back-fill over projects of real servers: facts are right, and nothing is written there."""

import json

import pytest
from django.contrib.auth.models import User

from catalog.choices import Mode
from catalog.models import Instance, Project
from catalog.secrets_at_rest import encrypt
from operations.choices import RunKind, RunState
from operations.models import InventoryRow, OperationRun
from operations.run_slice import run_slice
from operations.start import start
from snapshotter.models import Snapshot


@pytest.fixture(
    params=[
        pytest.param(("dolphin_311", "3.1"), marks=pytest.mark.dolphin),
        pytest.param(("dolphin_311_mysql", "3.1"), marks=pytest.mark.dolphin_mysql),
        pytest.param(("dolphin_205", "2.0"), marks=pytest.mark.dolphin_old),
    ]
)
def there(request, db):
    """(raw, governed project)."""
    fixture, flavour = request.param
    raw = request.getfixturevalue(fixture)
    instance = Instance.objects.create(
        name="real", base_url=raw.url, token_encrypted=encrypt(raw.token), flavour=flavour
    )
    code = raw.create_project()
    return raw, Project.objects.create(instance=instance, code=code, name="real", mode=Mode.RECORD)


def do(kind, project, root):
    run, _ = start(kind, instance=project.instance, project=project, actor=root)
    while run_slice(run.pk, 60.0):
        pass
    run = OperationRun.objects.get(pk=run.pk)
    assert run.state == RunState.SUCCEEDED, run.error_text
    return run


def shown(raw, project):
    """All that DolphinScheduler shows of the project's workflows."""
    base = f"/projects/{project.code}/process-definition"
    codes = [row["code"] for row in raw.data("GET", f"{base}/simple-list")]
    schedules = raw.data("POST", f"/projects/{project.code}/schedules/list")
    versions = [raw.data("GET", f"{base}/{code}/versions", pageNo=1, pageSize=100)["total"] for code in codes]
    return [raw.definition(project.code, code) for code in codes], schedules, versions


def test_a_project_from_inventory_to_baseline(there, root):
    raw, project = there
    codes = raw.task_codes(project.code, 4)
    plain = raw.create(project.code, raw.form("每日 plain", dict(zip(codes[:2], ("echo 甲", "echo b"), strict=True))))
    form = raw.form("twice", dict(zip(codes[2:], ("echo c", "echo d"), strict=True)))
    twice = raw.create(project.code, form)
    raw.release(project.code, plain, "ONLINE")
    raw.create_schedule(project.code, plain, "0 0 3 * * ? *")
    tasks = json.dumps([{**task, "version": 1} for task in json.loads(form["taskDefinitionJson"])])
    second = {**form, "description": "second", "taskDefinitionJson": tasks}
    raw.data("PUT", f"/projects/{project.code}/process-definition/{twice}", **second)
    before = shown(raw, project)

    do(RunKind.INVENTORY, project, root)
    rows = {row.item.name: row for row in InventoryRow.objects.select_related("item")}
    row = rows["每日 plain"]
    assert (row.online, row.schedules, row.schedule_online, row.crontab) == (True, 1, False, "0 0 3 * * ? *")
    assert (row.task_types, row.changed_by, row.versions_kept, row.risks) == ({"SHELL": 2}, "admin", 1, [])
    row = rows["twice"]
    assert (row.dolphin_version, row.versions_kept, row.online) == (2, 2, False)
    assert row.limits == {"snapshots": 0, "recoverable": [], "lost": [1], "unsure": []}

    assert do(RunKind.BACKFILL, project, root).items.counted() == {"nothing": 2}
    assert do(RunKind.BASELINE, project, root).items.counted() == {"captured": 2}
    assert do(RunKind.BASELINE, project, root).items.counted() == {"unchanged": 2}
    assert Snapshot.objects.count() == 2
    do(RunKind.INVENTORY, project, root)
    assert {row.snapshots for row in InventoryRow.objects.order_by("-pk")[:2]} == {1}
    assert shown(raw, project) == before


def test_a_doubled_schedule_does_not_stop_the_inventory(there, root: User):
    raw, project = there
    for name in ("doubled", "other"):
        code = raw.create(project.code, raw.form(name, dict.fromkeys(raw.task_codes(project.code, 1), "echo")))
        if name == "doubled":
            raw.release(project.code, code, "ONLINE")
            for _ in range(2):
                raw.create_schedule(project.code, code, "0 0 3 * * ? *")
    do(RunKind.INVENTORY, project, root)
    rows = {row.item.name: row for row in InventoryRow.objects.select_related("item")}
    assert [risk["code"] for risk in rows["doubled"].risks] == ["two_schedules"]
    assert rows["other"].risks == []
    assert do(RunKind.BASELINE, project, root).items.counted() == {"captured": 1, "failed": 1}
