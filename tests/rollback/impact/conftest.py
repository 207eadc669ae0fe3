"""A workflow with a history, others around it, and the question what going back would do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from catalog.models import Project, Workflow
from dolphin.sandbox import Sandbox
from rollback.choices_of import Choices
from rollback.impact.findings import Weight
from rollback.impact.impact import Impact, impact
from rollback.impact.look import look_at
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE, c1
from tests.snapshotter.conftest import raw, request_publish, run_publish

__all__ = ["raw", "request_publish", "run_publish"]

Told = dict[str, Any]


def workflow_of(key: str) -> Workflow:
    return Workflow.objects.select_related("project__instance", "state__published").get(key=key)


@pytest.fixture
def ask(viewer: User) -> Callable[..., Impact]:
    """Return what going back to a version would do, as a reader is told."""

    def tell(version: int = 1, *, key: str = "orders", reader: User = viewer, **choices: Any) -> Impact:
        workflow = workflow_of(key)
        target = Snapshot.objects.for_workflow(workflow).get(version=version)
        look, because = look_at(workflow)
        return impact(workflow, target, choices=Choices(**choices), reader=reader, look=look, unseen_because=because)

    return tell


def codes(found: Impact, *weights: Weight) -> list[str]:
    return [row.code for row in found.findings if not weights or row.weight in weights]


def finding(found: Impact, code: str) -> Any:
    (row,) = (row for row in found.findings if row.code == code)
    return row


@pytest.fixture
def history(run_publish: Callable[..., Sync], make_definition: Callable[..., dict[str, Any]]) -> None:
    """Two versions that differ in a script, online, with a schedule that fires at three."""
    schedule = {**SCHEDULE, "releaseState": "ONLINE"}
    for script in ("echo one", "echo two"):
        sync = run_publish(
            make_definition(script, schedule=schedule), schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON
        )
        assert sync.state == "succeeded", sync.error_text


@pytest.fixture
def other(project: Project, root: User, dolphin: Sandbox) -> Callable[..., Snapshot]:
    """Publish a workflow of one task that is no shell task, or of scripts."""
    known: dict[str, list[int]] = {}

    def make(key: str, *scripts: str, task: Any = None, name: str = "", within: Project = project) -> Snapshot:
        mine = known.setdefault(key, [])
        while len(mine) < max(1, len(scripts)):
            mine.append(dolphin.state.next_code())
        body = c1(dict(zip(mine, scripts or ["true"], strict=False)), name=name or key)
        if task is not None:
            body["definitions"]["tasks"][str(mine[0])].update(task)
        request = PublishRequest(workflow_key=key, definition=body, origin=Origin(trigger=Trigger.API), project=within)
        accepted = publish(request, actor=root)
        run_due()
        assert accepted.sync is not None
        sync = Sync.objects.get(pk=accepted.sync.pk)
        assert sync.state == "succeeded", sync.error_text
        return Snapshot.objects.get(pk=sync.snapshot_id)

    return make


def waits_for(project: int, code: int, task: int = 0) -> dict[str, Any]:
    """Return what makes a task a DEPENDENT one."""
    item = {"projectCode": project, "definitionCode": code, "depTaskCode": task, "cycle": "day", "dateValue": "today"}
    dependence = {"relation": "AND", "dependTaskList": [{"relation": "AND", "dependItemList": [item]}]}
    return {"taskType": "DEPENDENT", "taskParams": {"dependence": dependence}}


def runs(code: int) -> dict[str, Any]:
    """Return what makes a task run another workflow."""
    return {"taskType": "SUB_PROCESS", "taskParams": {"processDefinitionCode": code}}
