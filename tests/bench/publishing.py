"""Goals 11 and 12: capture and publish on the real DolphinScheduler, beside its own bare calls."""

import statistics
from collections.abc import Iterator
from typing import Any

import requests

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from dolphin import transport
from dolphin.client import DolphinClient
from snapshotter import sync as syncing
from snapshotter.capture import capture, govern
from snapshotter.choices import Online, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_one
from tests.bench.timing import Result, elapsed
from tests.bench.workloads import edited, form, raw_definition
from tests.services.raw_dolphin import RawDolphin

ROUNDS = 7


class Server:
    """A project on a real server, and a session that stays open, as the product's does."""

    def __init__(self, name: str, raw: RawDolphin) -> None:
        self.name, self.raw = name, raw
        self.session = requests.Session()
        self.session.headers["token"] = raw.token
        self.code = raw.create_project()
        instance = Instance.objects.create(
            name=name, base_url=raw.url, token_encrypted=encrypt(raw.token), flavour="3.1"
        )
        self.project = Project.objects.create(instance=instance, code=self.code, name=name, mode=Mode.PUBLISH)
        self._first = 20_000_000_000

    def call(self, method: str, path: str, **data: Any) -> Any:
        answer = self.session.request(
            method, f"{self.raw.url}/projects/{self.code}/process-definition/{path}", data=data, timeout=60
        ).json()
        assert answer["code"] == 0, answer
        return answer["data"]

    def make(self, count: int) -> tuple[Workflow, dict[str, Any]]:
        self._first += 10_000
        raw = raw_definition(count, first_code=self._first, tenant=self.raw.tenant)
        code = self.raw.create(self.code, form(raw))
        self.raw.release(self.code, code, "ONLINE")
        workflow = govern(self.project, workflow_code=code, name=f"{count} {self._first}", actor=SYSTEM)
        self.capture(workflow)
        return workflow, raw

    def capture(self, workflow: Workflow) -> None:
        sync = capture(workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=SYSTEM)
        run_one(sync.pk)
        succeeded(sync.pk)


def results(servers: dict[str, RawDolphin]) -> Iterator[Result]:
    for name, raw in servers.items():
        server = Server(name, raw)
        yield from _captures(server)
        for count in (10, 100, 500):
            yield from _publishes(server, count)


def _captures(server: Server) -> Iterator[Result]:
    for count in (100, 500):
        workflow, raw = server.make(count)
        ours, anchor = [], []
        for seed in range(ROUNDS):
            edit_live(server, workflow, edited(raw, edits=1, seed=seed))
            ours.append(elapsed(lambda found=workflow: server.capture(found)))
            anchor.append(elapsed(lambda found=workflow: server.call("GET", str(found.workflow_code))))
        yield Result(
            "11", f"capture of {count} tasks, on {server.name}", statistics.median(ours), statistics.median(anchor), 1.3
        )


def edit_live(server: Server, workflow: Workflow, changed: dict[str, Any]) -> None:
    """Change a task behind the product's back, with live versions as DolphinScheduler's pages do."""
    live = {
        row["code"]: row["version"] for row in server.call("GET", str(workflow.workflow_code))["taskDefinitionList"]
    }
    tasks = [{**task, "version": live[task["code"]]} for task in changed["taskDefinitionList"]]
    server.raw.release(server.code, int(workflow.workflow_code or 0), "OFFLINE")
    server.call("PUT", str(workflow.workflow_code), **form({**changed, "taskDefinitionList": tasks}))
    server.raw.release(server.code, int(workflow.workflow_code or 0), "ONLINE")


def _publishes(server: Server, count: int) -> Iterator[Result]:
    workflow, raw = server.make(count)
    twin, twin_raw = server.make(count)
    ours, own_calls, anchor = [], [], []
    for seed in range(ROUNDS):
        body = edited(raw, edits=1, seed=seed)
        calls: list[transport.Call] = []
        ours.append(elapsed(lambda made=body, noted=calls: _publish(server, workflow, made, noted)))
        own_calls.append(sum(call.answered_at - call.sent_at for call in calls) * 1000)
        anchor.append(elapsed(lambda number=seed: edit_live(server, twin, edited(twin_raw, edits=1, seed=number))))
    note = f"({len(calls)} calls)"
    yield Result(
        "12",
        f"publish of {count} tasks, on {server.name}",
        statistics.median(ours),
        statistics.median(anchor),
        1.6,
        note=note,
    )
    goal = 1.3 if count == 10 else 1.15
    yield Result(
        "12b",
        f"the same, beside its own calls, {count} tasks",
        statistics.median(ours),
        statistics.median(own_calls),
        goal,
    )


def _publish(server: Server, workflow: Workflow, body: dict[str, Any], calls: list[transport.Call]) -> None:
    """Accept and carry out; every call of the client is noted."""
    usual = syncing.client_for

    def noting(instance: Instance, *, observer: transport.Observer) -> DolphinClient:
        return usual(instance, observer=lambda call: (calls.append(call), observer(call)))  # type: ignore[func-returns-value]

    syncing.client_for = noting  # type: ignore[assignment]
    try:
        request = PublishRequest(
            workflow_key=workflow.key, definition=body, origin=Origin(trigger=Trigger.API), online=Online.ON
        )
        accepted = publish(request, actor=SYSTEM)
        assert accepted.sync is not None
        run_one(accepted.sync.pk)
    finally:
        syncing.client_for = usual
    succeeded(accepted.sync.pk)


def succeeded(sync_id: int) -> None:
    sync = Sync.objects.get(pk=sync_id)
    assert sync.state == "succeeded", f"{sync.error_code} {sync.error_text}"
