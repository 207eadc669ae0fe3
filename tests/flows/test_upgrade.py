"""A release is rolled out beside the former one: real processes of two trees on one database, the newer with one more migration."""

import json
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
import requests

from tests.definitions.documents import c1
from tests.flows.stack import ROOT, Program
from tests.services.process import wait_until

pytestmark = pytest.mark.dolphin_mysql

PACKAGES = ("audit", "catalog", "config", "definitions", "dolphin", "drift", "operations", "rollback", "snapshotter")
MIGRATION = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("snapshotter", "{latest}")]
    operations = []
"""
PUBLISH = """
import json
from audit.actors import SYSTEM
from catalog.models import Project
from snapshotter.choices import Trigger
from snapshotter.publish import PublishRequest, publish
from snapshotter.make_snapshot import Origin
ask = PublishRequest(workflow_key="by-the-newer", definition=json.loads({body!r}), origin=Origin(trigger=Trigger.API),
                     project=Project.objects.get(code={project}))
print(publish(ask, actor=SYSTEM).sync.pk)
"""


@pytest.fixture(scope="module")
def latest():
    return sorted((ROOT / "snapshotter" / "migrations").glob("0*.py"))[-1].stem


@pytest.fixture(scope="module")
def newer(tmp_path_factory, latest) -> Path:
    """The next release: this one, and a migration."""
    tree = tmp_path_factory.mktemp("newer")
    for package in (*PACKAGES, "versions", "locale", "templates", "static"):
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tree)
    (tree / "snapshotter" / "migrations" / "9000_newer.py").write_text(MIGRATION.format(latest=latest))
    return tree


@pytest.fixture
def body(project, dolphin_311_mysql):
    def make(name):
        (code,) = dolphin_311_mysql.task_codes(project, 1)
        made = c1({code: "echo"}, name=name)
        made["definitions"]["settings"] = {"tenantCode": dolphin_311_mysql.tenant}
        return made

    return make


def test_the_old_release_takes_nothing_from_the_new_one_on(stack, newer, latest, project, body, send, ended, get):
    celery = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "--workdir",
        str(newer),
        "worker",
        "--concurrency=1",
        "--loglevel=INFO",
    ]
    worker = Program("newer", stack.folder, [*celery, "--hostname=newer@%h"], stack.environment, newer)
    stack.manage("migrate", "--verbosity=0", root=newer)
    try:
        # The old web process accepts nothing, and a balancer is told to leave it out. Reading goes on.
        status, answer = send("by-the-old", body("by the old one"))
        assert (status, answer["code"]) == (503, "release_mismatch")
        ready = requests.get(f"{stack.url}/readyz", timeout=10)
        assert (ready.status_code, ready.json()["migrations"]) == (503, "1 of a newer release")
        # What the new one accepts waits for a worker of the new one, whoever of the old gets its message.
        asked = stack.shell(PUBLISH.format(body=json.dumps(body("by the newer one")), project=project), root=newer)
        sync = int(asked.strip().splitlines()[-1])
        wait_until(lambda: "takes nothing on" in stack.log("worker1") + stack.log("worker2"), 60)
        assert get(f"syncs/{sync}")["state"] == "queued"
        worker.launch()
        line = f"sync={sync} kind=publish"
        wait_until(lambda: line in stack.log("newer"), 60)
        # Told to end, it ends what it is at: nobody has to take over.
        os.kill(worker.process.pid, signal.SIGTERM)
        assert worker.process.wait(60) == 0
        assert ended(sync)["state"] == "succeeded"
        assert stack.log("newer").count(line) == 1 and "attempt=2" not in stack.log("newer")
        assert line not in stack.log("worker1") + stack.log("worker2")
    finally:
        worker.stop()
        stack.manage("migrate", "snapshotter", latest, "--verbosity=0", root=newer)
    # Back where they fit, they go on by themselves.
    status, answer = send("by-the-old", body("by the old one"))
    assert status == 202, answer
    assert ended(answer["sync"]["id"])["state"] == "succeeded"
