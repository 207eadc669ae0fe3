"""Impact on a real DolphinScheduler: a run under way, and a tenant, a data source and a file that are gone."""

import json
import time

import pytest

from catalog.choices import Mode
from catalog.models import Instance, Project
from catalog.secrets_at_rest import encrypt
from dolphin.running import ENDED
from rollback.impact.findings import Weight
from snapshotter.capture import capture, govern
from snapshotter.choices import Online, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot
from snapshotter.work import run_due
from tests.definitions.documents import c1
from tests.rollback.impact.conftest import codes, finding

pytestmark = [pytest.mark.dolphin_mysql, pytest.mark.django_db]


@pytest.fixture
def instance(dolphin_311_mysql):
    raw = dolphin_311_mysql
    return Instance.objects.create(name="real", base_url=raw.url, token_encrypted=encrypt(raw.token), flavour="3.1")


@pytest.fixture
def project(instance, dolphin_311_mysql):
    code = dolphin_311_mysql.create_project()
    return Project.objects.create(instance=instance, code=code, name=f"impact {code}", mode=Mode.PUBLISH)


@pytest.fixture
def tenant(dolphin_311_mysql):
    """A tenant of its own, (code, how to delete it)."""
    code = f"impact{time.time_ns() % 10**9}"
    dolphin_311_mysql.data("POST", "/tenants", tenantCode=code, queueId=1, description="")
    rows = dolphin_311_mysql.data("GET", "/tenants", pageNo=1, pageSize=100, searchVal=code)["totalList"]
    (number,) = (row["id"] for row in rows if row["tenantCode"] == code)
    return code, lambda: dolphin_311_mysql.data("DELETE", f"/tenants/{number}")


@pytest.fixture
def versions(dolphin_311_mysql, project, publisher, run_publish, tenant):
    """Version 1 as DolphinScheduler's own pages made it, with what will be gone; version 2 published over it, online and at work."""
    raw = dolphin_311_mysql
    tasks = raw.task_codes(project.code, 2)
    form = raw.form("orders_daily", dict(zip(tasks, ("echo one", "true"), strict=True)), tenantCode=tenant[0])
    rows = json.loads(form["taskDefinitionJson"])
    rows[0]["taskParams"]["resourceList"] = [{"id": 4711, "resourceName": "/gone.sh", "res": "gone.sh"}]
    sql = {"type": "MYSQL", "datasource": 4711, "sql": "select 1", "sqlType": "0", "localParams": []}
    rows[1] |= {"taskType": "SQL", "taskParams": {**sql, "preStatements": [], "postStatements": []}}
    code = raw.create(project.code, {**form, "taskDefinitionJson": json.dumps(rows)})
    workflow = govern(project, workflow_code=code, name="orders_daily", actor=publisher, key="orders")
    capture(workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
    run_due()
    assert Snapshot.objects.get().was_live
    body = c1(dict(zip(tasks, ("sleep 30", "true"), strict=True)))
    body["definitions"]["settings"] = {"tenantCode": raw.tenant}
    sync = run_publish(body, online=Online.ON)
    assert sync.state == "succeeded", sync.error_text
    return code


def test_a_run_under_way_and_what_is_gone(versions, dolphin_311_mysql, project, ask, tenant):
    before = ask()
    assert before.running == []
    assert [row["code"] for row in finding(before, "references_missing").values["problems"]] == ["data_source_missing"]
    tenant[1]()
    dolphin_311_mysql.start(project.code, versions)
    deadline = time.monotonic() + 60
    while not (found := ask()).running:
        assert time.monotonic() < deadline, "the run never showed"
    (run,) = found.running
    assert (run.state in ENDED, run.version) == (False, 2)
    assert run.name.startswith("orders_daily-2-") and run.started
    row = finding(found, "references_missing")
    assert (row.weight, [one["code"] for one in row.values["problems"]]) == (
        Weight.REFUSED,
        ["tenant_missing", "data_source_missing"],
    )
    assert finding(found, "resources_missing").values["names"] == ["/gone.sh"]
    assert "cannot_tell" not in codes(found)
