"""Runs as production works on them: asked for in one process, worked by Celery, whose workers are killed meanwhile."""

import json
import time

import pytest

from dolphin.sandbox import Sandbox
from tests.services.raw_dolphin import RawDolphin

pytestmark = [pytest.mark.celery, pytest.mark.xdist_group("stack")]  # its tests follow one another

SETUP = """
from catalog.models import Instance, Project
from catalog.secrets_at_rest import encrypt
instance = Instance.objects.create(name="sandbox", base_url="{url}", token_encrypted=encrypt("{token}"), flavour="3.1")
Project.objects.create(instance=instance, code={code}, name="warehouse", mode="record")
"""
START = """
from audit.actors import SYSTEM
from catalog.models import Project
from operations.choices import RunKind
from operations.start import start
project = Project.objects.select_related("instance").get(code={code})
print(start(RunKind.{kind}, instance=project.instance, project=project, actor=SYSTEM)[0].pk)
"""
LET_GO = """
from operations.models import OperationRun
OperationRun.objects.filter(pk={run}).update(lease_until="2020-01-01T00:00:00Z")
"""
STANDS = """
import json
from operations.models import OperationRun
from snapshotter.models import Snapshot
run = OperationRun.objects.get(pk={run})
kept = Snapshot.objects.filter(project=run.project).count()
print(json.dumps([run.state, run.done, run.items.counted(), kept]))
"""
ASK = """
from audit.actors import SYSTEM
from audit.verify_audit import ask
print(ask(actor=SYSTEM).pk)
"""
VERIFIED = """
import json
from audit.models import AuditEntry, AuditVerification
row = AuditVerification.objects.get(pk={row})
print(json.dumps([row.is_open, row.found, row.checked, AuditEntry.objects.unsealed().count()]))
"""


@pytest.fixture(scope="module")
def sandbox(stack):
    with Sandbox() as sandbox:
        raw = RawDolphin(sandbox.url, sandbox.token)
        for number in range(40):
            tasks = dict.fromkeys(raw.task_codes(sandbox.project, 2), f"echo {number}")
            raw.create(sandbox.project, raw.form(f"w{number}", tasks))
        stack.shell(SETUP.format(url=sandbox.url, token=sandbox.token, code=sandbox.project))
        yield sandbox


def ended(stack, sandbox, kind, meanwhile=lambda run, done: None):
    run = int(stack.shell(START.format(kind=kind, code=sandbox.project)))
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        state, done, outcomes, snapshots = json.loads(stack.shell(STANDS.format(run=run)))
        if state in ("succeeded", "failed"):
            return state, outcomes, snapshots
        meanwhile(run, done)
        time.sleep(0.5)
    raise AssertionError(stack.logs()[-3000:])


def test_a_baseline_whose_worker_is_killed_is_ended_by_another(stack, sandbox):
    """Both workers are killed, whoever holds it, and others started. The claim is let run out by hand; the sweep then finds the run."""
    killed = []

    def kill(run, done):
        if done and not killed:
            for worker in stack.programs[:2]:
                killed.append(worker.process.pid)
                worker.kill()
                worker.launch()
            stack.shell(LET_GO.format(run=run))

    sandbox.fault("delay", "GET", "/process-definition/2", times=40, seconds=0.2)
    assert ended(stack, sandbox, "BASELINE", kill) == ("succeeded", {"captured": 40}, 40)
    assert len(killed) == 2


def test_an_inventory_after_it(stack, sandbox):
    assert ended(stack, sandbox, "INVENTORY") == ("succeeded", {"seen": 40}, 40)


def test_the_trail_of_it_is_sealed_and_verified_by_whichever_worker(stack, sandbox):
    row = int(stack.shell(ASK))
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        is_open, found, checked, unsealed = json.loads(stack.shell(VERIFIED.format(row=row)))
        if not is_open and not unsealed:
            assert found == 0 and checked > 40
            assert "event=audit.sealed sequence=" in stack.logs()
            return
        time.sleep(0.5)
    raise AssertionError(stack.logs()[-3000:])
