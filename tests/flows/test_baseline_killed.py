"""A baseline whose process is killed with SIGKILL again and again: nothing lost, nothing doubled, and DolphinScheduler only read.

`SNAPSHOTTER_TEST_WORKFLOWS=1000` makes it the size of the acceptance; figures are printed with -s.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dolphin.sandbox import Sandbox
from tests.services.fixtures import address
from tests.services.process import run
from tests.services.raw_dolphin import RawDolphin, shell_task

ROOT = Path(__file__).resolve().parents[2]
TASKS = 10
SETUP = """
from catalog.models import Instance, Project
from catalog.secrets_at_rest import encrypt
instance = Instance.objects.create(name="prod", base_url="{url}", token_encrypted=encrypt("{token}"), flavour="3.1")
Project.objects.create(instance=instance, code={code}, name="warehouse", mode="record")
"""
COUNTS = """
import json
from django.db.models import Count, Max
from operations.models import OperationRun
from snapshotter.models import Snapshot, Sync, WorkflowState
run = OperationRun.objects.latest("pk")
print(json.dumps(dict(
    state=run.state, done=run.done, total=run.total, calls=run.calls, seconds=run.seconds, attempt=run.attempt,
    outcomes=run.items.counted(), snapshots=Snapshot.objects.count(), syncs=Sync.objects.count(),
    published=WorkflowState.objects.exclude(published=None).count(), locked=WorkflowState.objects.exclude(lock=None).count(),
    highest=Snapshot.objects.aggregate(top=Max("version"))["top"],
)))
"""
EXPIRE = "from operations.models import OperationRun; OperationRun.objects.update(lease_until='2020-01-01T00:00:00Z')"


class Product:
    """The product's commands on a database of its own."""

    def __init__(self, database: str, rate: float) -> None:
        self.environment = {
            **os.environ,
            "SECRET_KEY": "flows-only-" + "x" * 50,
            "DATABASE_URL": database,
            "SNAPSHOTTER_ENCRYPTION_KEYS": "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=",
            "SNAPSHOTTER_WORKER": "embedded",
            "SNAPSHOTTER_BULK_RATE": str(rate),
            "HTTPS": "false",
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }

    def manage(self, *command: str) -> str:
        return run([sys.executable, "manage.py", *command], env=self.environment, cwd=ROOT)

    def shell(self, code: str) -> str:
        return self.manage("shell", "--verbosity=0", "-c", code)

    def counts(self) -> dict:
        return json.loads(self.shell(COUNTS))

    def start(self, *command: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", *command], env=self.environment, cwd=ROOT, start_new_session=True
        )


@pytest.fixture(params=["sandbox", pytest.param("real", marks=pytest.mark.dolphin_mysql)])
def place(request, tmp_path):
    """(product, raw DolphinScheduler, project, number of workflows)."""
    if request.param == "sandbox":
        with Sandbox() as sandbox:
            raw = RawDolphin(sandbox.url, sandbox.token)
            yield ready(Product(f"sqlite:///{tmp_path}/db.sqlite3", 60), raw, sandbox.project, 60)
        return
    import MySQLdb  # only where MySQL is

    name = f"snapshotter_killed_{os.getpid()}"
    user, _, rest = address("MYSQL").removeprefix("mysql://").partition(":")
    password, _, where = rest.partition("@")
    host, _, port = where.split("/")[0].partition(":")
    connection = MySQLdb.connect(host=host, port=int(port), user=user, password=password, autocommit=True)
    connection.cursor().execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
    try:
        raw = request.getfixturevalue("dolphin_311_mysql")
        size = int(os.environ.get("SNAPSHOTTER_TEST_WORKFLOWS", "100"))
        product = Product(f"{address('MYSQL').rsplit('/', 1)[0]}/{name}", 50)
        yield ready(product, raw, raw.create_project(), size)
    finally:
        connection.cursor().execute(f"DROP DATABASE `{name}`")
        connection.close()


def ready(product, raw, project, size):
    product.manage("migrate", "--verbosity=0")
    product.shell(SETUP.format(url=raw.url, token=raw.token, code=project))
    for number in range(size):
        codes = raw.task_codes(project, TASKS)
        form = raw.form(f"w{number:04}", {code: f"echo {number} {code}" for code in codes})
        form["taskDefinitionJson"] = json.dumps([shell_task(code, f"t{code}", f"echo {number}") for code in codes])
        raw.create(project, form)
    return product, raw, project, size


@pytest.mark.matrix
def test_killed_again_and_again(place):
    product, raw, project, size = place
    before = raw.data("GET", f"/projects/{project}/process-definition/query-process-definition-list")
    reached = 0
    for part in (0.2, 0.5, 0.7):
        process = product.start("baseline", "--project", str(project))
        while (done := seen(product)) < size * part:
            assert process.poll() is None, "it ended before it was killed"
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        counts = product.counts()
        assert reached <= done <= counts["done"] < size, "killed too late to tell"
        reached = counts["done"]
        assert counts["snapshots"] == counts["published"] == counts["done"]  # effect and outcome stand or fall together
        assert counts["locked"] == 0
        product.shell(EXPIRE)
    product.manage("baseline", "--project", str(project))
    first = product.counts()
    assert (first["state"], first["total"], first["outcomes"]) == ("succeeded", size, {"captured": size})
    assert first["snapshots"] == first["syncs"] == first["published"] == size
    assert (first["highest"], first["locked"]) == (1, 0)
    started = time.monotonic()
    product.manage("baseline", "--project", str(project))
    took = time.monotonic() - started
    second = product.counts()
    assert (second["outcomes"], second["snapshots"], second["syncs"]) == ({"unchanged": size}, size, size)
    # One read a workflow, and lists that serve many; a killed worker's last calls are not counted.
    assert size < second["calls"] <= size + 3 + second["seconds"]
    after = raw.data("GET", f"/projects/{project}/process-definition/query-process-definition-list")
    assert after == before  # no version was made
    print(  # noqa: T201  the figures
        f"\n{size} workflows of {TASKS} tasks: first baseline {first['calls']} calls, {first['seconds']:.1f} s in {first['attempt']} "
        f"slices, killed 3 times; second {second['calls']} calls, {second['seconds']:.1f} s ({took:.1f} s with the process's start)"
    )


def seen(product):
    """Return how many are done, read without the product."""
    import sqlite3

    url = product.environment["DATABASE_URL"]
    query = "SELECT done FROM operation_run ORDER BY id DESC LIMIT 1"
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)
        try:
            row = connection.execute(query).fetchone()
        finally:
            connection.close()
    else:
        import MySQLdb  # only where MySQL is

        user, _, rest = url.removeprefix("mysql://").partition(":")
        password, _, where = rest.partition("@")
        host, _, tail = where.partition(":")
        port, _, name = tail.partition("/")
        connection = MySQLdb.connect(host=host, port=int(port), user=user, password=password, database=name)
        cursor = connection.cursor()
        cursor.execute(query)
        row = cursor.fetchone()
        connection.close()
    return row[0] if row else 0
