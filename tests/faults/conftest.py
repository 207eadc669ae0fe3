"""A stage for faults: workflows on the sandbox, a worker that can be killed, and time that passes when told to."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from dolphin.sandbox import Sandbox
from dolphin.sandbox.server import Call
from rollback.models import RollbackRequest
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE, c1
from tests.faults.proxy import Passed, Proxy
from tests.services.raw_dolphin import RawDolphin

LONG_AGO = timedelta(hours=1)


class Worker:
    """The process of `tests.faults.worker`."""

    def __init__(self, database: str) -> None:
        environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        environment["LOG_LEVEL"] = "ERROR"
        environment["SNAPSHOTTER_BULK_RATE"] = "0"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, sync: Sync, **order: int) -> dict[str, Any]:
        return self.order(sync=sync.pk, **order)

    def order(self, **order: int) -> dict[str, Any]:
        """Give the worker an order as it stands."""
        assert self._process.stdin and self._process.stdout
        print(json.dumps(order), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        assert line, "the worker died of itself"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Worker]:
    base = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    running = Worker(f"{base}/{connection.settings_dict['NAME']}")
    yield running
    running.close()


class Stage:
    """Workflows with codes of their own, and what DolphinScheduler shows of them, by raw calls."""

    def __init__(self, project: Project, raw: RawDolphin) -> None:
        self.project, self.raw = project, raw
        self._codes: dict[str, list[int]] = {}

    def body(self, key: str, script: str = "echo a", **more: Any) -> dict[str, Any]:
        if key not in self._codes:
            self._codes[key] = sorted(self.raw.task_codes(self.project.code, 3))
        scripts = dict(zip(self._codes[key], (script, "echo b", "echo c"), strict=True))
        body = c1(scripts, name=f"name of {key}", **more)
        body["definitions"]["settings"] = {"tenantCode": self.raw.tenant}
        return body

    def accept(self, key: str, body: dict[str, Any], **options: Any) -> Sync:
        origin = Origin(trigger=Trigger.API, message="why")
        request = PublishRequest(
            workflow_key=key, definition=body, origin=origin, **{"project": self.project, **options}
        )
        accepted = publish(request, actor=SYSTEM)
        assert accepted.sync is not None
        return accepted.sync

    def first(self, key: str) -> Sync:
        """Accept a first publish that is online, with an online schedule."""
        body = self.body(key, schedule={**SCHEDULE, "releaseState": "ONLINE"})
        return self.accept(key, body, schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON)

    def published(self, key: str) -> Workflow:
        self.first(key)
        run_due()
        return Workflow.objects.get(key=key)

    def live(self, key: str) -> dict[str, Any] | None:
        """What DolphinScheduler holds under this workflow's name."""
        path = f"/projects/{self.project.code}/process-definition"
        codes = [row["code"] for row in self.raw.data("GET", f"{path}/simple-list") if row["name"] == f"name of {key}"]
        if not codes:
            return None
        (code,) = codes
        data = self.raw.definition(self.project.code, code)
        tasks = sorted(data["taskDefinitionList"], key=lambda task: task["code"])
        return {
            "scripts": [task["taskParams"]["rawScript"] for task in tasks],
            "online": data["processDefinition"]["releaseState"],
            "schedules": [one["releaseState"] for one in self.raw.schedules(self.project.code, code)],
        }

    def edit(self, key: str, script: str, *, online: bool = True) -> None:
        code = Workflow.objects.values_list("workflow_code", flat=True).get(key=key)
        assert code is not None
        self.raw.edit(self.project.code, code, script, online=online)

    def delete(self, key: str) -> None:
        code = Workflow.objects.values_list("workflow_code", flat=True).get(key=key)
        assert code is not None
        self.raw.release(self.project.code, code, "OFFLINE")
        self.raw.data("DELETE", f"/projects/{self.project.code}/process-definition/{code}")

    def corrupt(self, key: str) -> None:
        """Let two updates at the same moment double the first task's row, as DolphinScheduler does."""
        code = Workflow.objects.values_list("workflow_code", flat=True).get(key=key)
        assert code is not None
        self.raw.release(self.project.code, code, "OFFLINE")
        self.raw.corrupt(self.project.code, code, ("echo one", "echo two"))
        self.raw.release(self.project.code, code, "ONLINE")

    def end(self, key: str) -> dict[str, Any]:
        """Everything that must be as if nothing had happened."""
        state = Workflow.objects.select_related("state").get(key=key).state
        snapshots = Snapshot.objects.filter(workflow_id=key).order_by("version")
        return {
            "live": self.live(key),
            "snapshots": list(snapshots.values_list("version", "status", "live_effect", "error_code")),
            "syncs": list(Sync.objects.filter(workflow__key=key).order_by("id").values_list("state", flat=True)),
            "lock": state.lock_id,
            "requests": list(RollbackRequest.objects.filter(workflow__key=key).values_list("state", "closed_code")),
            "published": state.published.version if state.published else None,
            "expected": (state.expected_online, state.expected_schedule_online),
            "codes": (state.workflow.former_codes.count(), state.workflow.task_aliases.count()),
        }


@pytest.fixture
def proxy(project: Project, dolphin: Sandbox) -> Iterator[Proxy]:
    """A proxy between the product and the sandbox."""
    with Proxy(dolphin.url) as running:
        Instance.objects.update(base_url=running.url)
        project.instance.refresh_from_db()
        yield running


@pytest.fixture
def real_stage(transactional_db: None, dolphin_311_mysql: RawDolphin) -> Stage:
    """A stage on the real DolphinScheduler."""
    raw = dolphin_311_mysql
    instance = Instance.objects.create(name="real", base_url=raw.url, token_encrypted=encrypt(raw.token), flavour="3.1")
    project = Project.objects.create(instance=instance, code=raw.create_project(), name="real", mode=Mode.PUBLISH)
    return Stage(project, raw)


@pytest.fixture(params=["sandbox", pytest.param("real", marks=pytest.mark.dolphin_mysql)])
def any_stage(request: pytest.FixtureRequest) -> Stage:
    """A stage on the sandbox, and one on the real DolphinScheduler."""
    if request.param == "sandbox":
        request.getfixturevalue("dolphin").slow_put = 0.1
    found: Stage = request.getfixturevalue("stage" if request.param == "sandbox" else "real_stage")
    return found


@pytest.fixture
def stage(transactional_db: None, project: Project, dolphin: Sandbox) -> Stage:
    return Stage(project, RawDolphin(dolphin.url, dolphin.token, "hadoop"))


def pass_time(sync: Sync) -> None:
    """Let the lease end, every wait be over, and every write without an answer be long ago."""
    past = timezone.now() - LONG_AGO
    Sync.objects.filter(pk=sync.pk).exclude(lease_until=None).update(lease_until=past)
    Sync.objects.filter(pk=sync.pk).exclude(due_at=None).update(due_at=past)
    sync.steps.filter(answered_at=None).update(sent_at=past)


def no_two_updates_overlap(log: Sequence[Call | Passed]) -> None:
    """Asserted at DolphinScheduler's side: no update of a workflow (or create) began before the one before it had ended."""
    paths: dict[str, list[tuple[float, float]]] = {}
    for call in list(log):
        if call.method == "PUT" or (call.method == "POST" and call.path.endswith("/process-definition")):
            paths.setdefault(call.path, []).append((call.started, call.ended))
    assert paths, "nothing was written at all"
    for path, spans in paths.items():
        for (_, ended), (started, _) in pairwise(sorted(spans)):
            assert started >= ended, f"two writes of {path} overlap"
