"""A workflow with a history, and the people of a rollback: who asks, who approves, who executes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User

from catalog.models import Project, Workflow
from catalog.permissions import (
    APPROVE_ROLLBACK,
    BREAK_GLASS,
    EXECUTE_ROLLBACK,
    MANAGE_POLICY,
    REQUEST_ROLLBACK,
    VIEW,
)
from rollback.execute import execute
from rollback.models import RollbackPolicy, RollbackRequest
from rollback.submit import Ask, submit
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.conftest import _person as person
from tests.definitions.documents import SCHEDULE


@pytest.fixture
def requester(project: Project) -> User:
    return person("requester", project, VIEW, REQUEST_ROLLBACK)


@pytest.fixture
def oncall(project: Project) -> User:
    """Asks and executes."""
    return person("oncall", project, VIEW, REQUEST_ROLLBACK, EXECUTE_ROLLBACK)


@pytest.fixture
def approver(project: Project) -> User:
    return person("approver", project, VIEW, APPROVE_ROLLBACK)


@pytest.fixture
def second_approver(project: Project) -> User:
    return person("second", project, VIEW, APPROVE_ROLLBACK)


@pytest.fixture
def breaker(project: Project) -> User:
    return person("breaker", project, VIEW, REQUEST_ROLLBACK, BREAK_GLASS)


@pytest.fixture
def lawgiver(project: Project) -> User:
    return person("lawgiver", project, VIEW, MANAGE_POLICY)


@dataclass
class History:
    """`orders` with three versions, v3 live, online and scheduled."""

    workflow: Workflow
    code: int

    def version(self, number: int) -> Snapshot:
        return Snapshot.objects.select_related("workflow").get(workflow=self.workflow, version=number)

    def again(self) -> Workflow:
        return Workflow.objects.select_related("project__instance", "state__published", "state__lock").get(
            pk=self.workflow.pk
        )


@pytest.fixture
def history(project: Project, publisher: User, make_definition: Callable[..., dict[str, Any]]) -> History:
    def go(body: dict[str, Any], **options: Any) -> Sync:
        origin = Origin(trigger=Trigger.API, message="why")
        accepted = publish(
            PublishRequest(workflow_key="orders", definition=body, origin=origin, project=project, **options),
            actor=publisher,
        )
        assert accepted.sync is not None
        run_due()
        sync = Sync.objects.get(pk=accepted.sync.pk)
        assert sync.state == "succeeded", sync.error_text
        return sync

    schedule = {**SCHEDULE, "releaseState": "ONLINE"}
    first = make_definition("echo one", name="orders daily", schedule=schedule)
    go(first, online=Online.ON, schedule=ScheduleChoice.FROM_DEFINITION)
    go({**make_definition("echo two", name="orders daily"), "schedule": None})
    last = go({**make_definition("echo three", name="orders daily"), "schedule": None})
    return History(last.workflow, last.workflow.workflow_code or 0)


@pytest.fixture
def ask(history: History, oncall: User) -> Callable[..., RollbackRequest]:
    """Submit a request to go back to a version."""

    def make(version: int = 1, *, actor: User = oncall, reason: str = "v3 loses rows", **more: Any) -> RollbackRequest:
        return submit(
            Ask(workflow=history.again(), target=history.version(version), reason=reason, **more), actor=actor
        )

    return make


@pytest.fixture
def roll_back(ask: Callable[..., RollbackRequest], oncall: User) -> Callable[..., RollbackRequest]:
    """Ask, execute and work until nothing is due; return the request as it ended."""

    def go(version: int = 1, **more: Any) -> RollbackRequest:
        request = ask(version, **more)
        execute(request, actor=oncall)
        run_due()
        return again(request)

    return go


@pytest.fixture
def rules(project: Project) -> Callable[..., RollbackPolicy]:
    def make(**values: Any) -> RollbackPolicy:
        return RollbackPolicy.objects.update_or_create(project=project, defaults=values)[0]

    return make


def again(request: RollbackRequest) -> RollbackRequest:
    return RollbackRequest.objects.select_related(
        "workflow__project__instance", "workflow__state", "project__instance", "target", "base", "sync__snapshot"
    ).get(pk=request.pk)
