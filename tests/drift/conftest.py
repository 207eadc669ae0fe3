"""A published workflow, and hands that change it in DolphinScheduler behind our back."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User

from audit.actors import SYSTEM
from catalog.models import Instance, Project, Workflow
from dolphin.sandbox import Sandbox
from drift.check import Checked, check
from drift.choices import RunKind
from drift.inspection import claim
from drift.inspection.inspect import inspect_slice
from drift.models import DriftItem, InspectionRun
from snapshotter.choices import Online, ScheduleChoice, SyncState, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE
from tests.drift.items import make_orders
from tests.services.raw_dolphin import RawDolphin

REFUSED = "/projects/1/process-definition/1"  # there is none: it answers so


class Hands:
    """What somebody does in DolphinScheduler's own pages, by raw calls."""

    def __init__(self, raw: RawDolphin, project: int, code: int) -> None:
        self.raw, self.project, self.code = raw, project, code

    def edit(self, script: str, *, online: bool = True) -> None:
        self.raw.edit(self.project, self.code, script, online=online)

    def release(self, state: str) -> None:
        self.raw.release(self.project, self.code, state)

    def _put(self, **changes: Any) -> None:
        data = self.raw.definition(self.project, self.code)
        definition = data["processDefinition"]
        form = self.raw.form(definition["name"], {row["code"]: "" for row in data["taskDefinitionList"]})
        form |= {
            "locations": definition["locations"] or "[]",
            "description": definition["description"] or "",
            "globalParams": definition["globalParams"] or "[]",
            "taskRelationJson": _text(data["processTaskRelationList"]),
            "taskDefinitionJson": _text(data["taskDefinitionList"]),
            **changes,
        }
        self.raw.data("PUT", f"/projects/{self.project}/process-definition/{self.code}", **form)

    def save(self, **changes: Any) -> None:
        """Save it as it stands, but for the changes of the form: offline, save, online, and its schedule on as it was."""
        on = [row["id"] for row in self.schedules() if row["releaseState"] == "ONLINE"]
        self.release("OFFLINE")
        self._put(**changes)
        self.release("ONLINE")
        for number in on:
            self.schedule(number, "online")

    def rename(self, name: str) -> None:
        self.save(name=name)

    def move_boxes(self) -> None:
        tasks = self.raw.definition(self.project, self.code)["taskDefinitionList"]
        self.save(locations=_text([{"taskCode": task["code"], "x": 900, "y": 900} for task in tasks]))

    def schedules(self) -> list[dict[str, Any]]:
        return self.raw.schedules(self.project, self.code)

    def schedule(self, number: int, act: str) -> None:
        self.raw.data("POST", f"/projects/{self.project}/schedules/{number}/{act}")

    def schedule_off(self) -> None:
        self.schedule(self.schedules()[0]["id"], "offline")

    def cron(self, crontab: str) -> None:
        row = self.schedules()[0]
        self.schedule(row["id"], "offline")
        times = {key: row[key] for key in ("startTime", "endTime", "timezoneId")} | {"crontab": crontab}
        form = {"schedule": _text(times), "warningType": row["warningType"], "warningGroupId": row["warningGroupId"]}
        form |= {"failureStrategy": row["failureStrategy"], "workerGroup": row["workerGroup"]}
        form |= {"processInstancePriority": row["processInstancePriority"], "environmentCode": row["environmentCode"]}
        self.raw.data("PUT", f"/projects/{self.project}/schedules/{row['id']}", **form)
        self.schedule(row["id"], "online")

    def switch(self, version: int) -> None:
        self.raw.data("GET", f"/projects/{self.project}/process-definition/{self.code}/versions/{version}")

    def delete(self) -> None:
        self.release("OFFLINE")
        for row in self.schedules():
            self.raw.data("DELETE", f"/projects/{self.project}/schedules/{row['id']}")
        self.raw.data("DELETE", f"/projects/{self.project}/process-definition/{self.code}")

    def recreate(self, name: str) -> int:
        (code,) = self.raw.task_codes(self.project, 1)
        return self.raw.create(self.project, self.raw.form(name, {code: "echo anew"}))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@pytest.fixture
def go(project: Project, publisher: User) -> Callable[..., Sync]:
    """Publish and work until it has ended."""

    def run(body: dict[str, Any], *, key: str = "orders", **options: Any) -> Sync:
        request = PublishRequest(
            workflow_key=key, definition=body, origin=Origin(trigger=Trigger.API), project=project, **options
        )
        sync = publish(request, actor=publisher).sync
        assert sync is not None
        run_due()
        sync = Sync.objects.select_related("workflow__project__instance", "snapshot").get(pk=sync.pk)
        assert sync.state == SyncState.SUCCEEDED, sync.error_text
        return sync

    return run


@pytest.fixture
def orders(go: Callable[..., Sync], make_definition: Callable[..., dict[str, Any]]) -> Workflow:
    """`orders`: two versions, the second live, online, its schedule on."""
    schedule = {**SCHEDULE, "releaseState": "ONLINE"}
    go(make_definition("echo 1", schedule=schedule), online=Online.ON, schedule=ScheduleChoice.FROM_DEFINITION)
    go(make_definition("echo 2", schedule=schedule))
    return Workflow.objects.select_related("project__instance", "state").get(key="orders")


@pytest.fixture
def queued(
    orders: Workflow, publisher: User, make_definition: Callable[..., dict[str, Any]]
) -> Callable[[], Sync | None]:
    """Accept a publish of `orders` that waits for its worker: it holds the workflow from now on."""

    def accept() -> Sync | None:
        body = make_definition("echo 3")
        request = PublishRequest(workflow_key="orders", definition=body, origin=Origin(trigger=Trigger.API))
        return publish(request, actor=publisher).sync

    return accept


@pytest.fixture
def hands(dolphin: Sandbox, orders: Workflow) -> Hands:
    return Hands(RawDolphin(dolphin.url, dolphin.token), orders.project.code, orders.workflow_code or 0)


@pytest.fixture
def look_at(orders: Workflow) -> Callable[[], Checked]:
    """Check `orders` now, read anew."""

    def now() -> Checked:
        return check(Workflow.objects.select_related("project__instance").get(pk=orders.pk), actor=SYSTEM)

    return now


@pytest.fixture
def sweep(instance: Instance, settings: Any) -> Callable[..., InspectionRun]:
    """Inspect the instance to the end; return the run."""
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "BULK_RATE": 0}

    def whole(**options: Any) -> InspectionRun:
        run, created = claim.begin(instance, kind=RunKind.COMMAND, **options)
        assert created
        while inspect_slice(run.pk, 60):
            pass
        run.refresh_from_db()
        return run

    return whole


def standing() -> DriftItem:
    return DriftItem.objects.standing().get()


@pytest.fixture
def bare_orders(project: Project) -> Workflow:
    """A published workflow that DolphinScheduler does not have: for what asks it nothing."""
    return make_orders(project)


@pytest.fixture
def on_call(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], Any]], None]:
    """Do something right before DolphinScheduler is called the first time at a path; REFUSED, where it returns that, is the answer."""

    def order(path: str, act: Callable[[], Any]) -> None:
        real, done = requests.Session.send, []

        def send(session: Any, request: Any, **options: Any) -> Any:
            is_it = not done and request.url.split("?")[0].endswith(path)
            done.extend([True] if is_it else [])
            if is_it and act() == REFUSED:
                request.method, request.url = "GET", request.url.split("/projects/")[0] + REFUSED
            return real(session, request, **options)

        monkeypatch.setattr(requests.Session, "send", send)

    return order
