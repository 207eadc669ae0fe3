"""A client that gives up before DolphinScheduler has ended: 800 tasks stay 800 rows, and nothing is said before it is known."""

import time

import pytest
from django.conf import settings

from catalog.models import Instance, Workflow
from snapshotter.choices import SyncState
from snapshotter.models import Sync
from snapshotter.work import run_due
from tests.definitions.documents import c1
from tests.faults.conftest import no_two_updates_overlap
from tests.faults.proxy import Proxy

pytestmark = pytest.mark.dolphin_mysql
TASKS = 800


def test_800_tasks_and_an_impatient_client_leave_800_rows(real_stage, monkeypatch):
    """No time is faked here: the settle time really passes."""
    raw, project = real_stage.raw, real_stage.project.code
    monkeypatch.setitem(settings.SNAPSHOTTER, "WRITE_SETTLE", 4.0)
    monkeypatch.setitem(settings.SNAPSHOTTER, "PROBE_PAUSE", 1.0)
    codes = raw.task_codes(project, TASKS)

    def body(script):
        made = c1({code: f"{script} {index}" for index, code in enumerate(codes)}, name="big")
        made["definitions"]["settings"] = {"tenantCode": raw.tenant}
        return made

    with Proxy(raw.url) as proxy:
        Instance.objects.update(base_url=proxy.url)
        real_stage.accept("big", body("echo first"))
        run_due()
        workflow = Workflow.objects.get(key="big")
        sync = real_stage.accept("big", body("echo second"))
        proxy.hang_up_on("PUT", seconds=0.05)
        run_due()
        sync.refresh_from_db()
        assert (sync.state, sync.error_code) == (SyncState.WAITING, "dolphin_unknown_outcome")
        _work_until_finished(sync)
        updates = [call for call in proxy.log if call.method == "PUT"]
    data = raw.definition(project, workflow.workflow_code)
    assert sync.state == SyncState.SUCCEEDED
    assert len(data["taskDefinitionList"]) == len({row["code"] for row in data["taskDefinitionList"]}) == TASKS
    assert all(row["taskParams"]["rawScript"].startswith("echo second") for row in data["taskDefinitionList"])
    no_two_updates_overlap(updates)


def _work_until_finished(sync: Sync) -> None:
    deadline = time.monotonic() + 120
    while not sync.is_finished:
        assert time.monotonic() < deadline, f"{sync.state} {sync.error_code} {sync.error_text}"
        if not run_due():
            time.sleep(0.5)
        sync.refresh_from_db()
