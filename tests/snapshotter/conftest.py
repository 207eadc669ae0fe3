"""A publish from request to end, with the embedded worker run by hand."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from guardian.shortcuts import assign_perm

from catalog.models import Project, Workflow
from dolphin.sandbox import Sandbox
from snapshotter.choices import ScheduleChoice, SyncState, Trigger
from snapshotter.drafts.draft import draft
from snapshotter.lost.restore import EXECUTE, restore
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync, WebhookEndpoint, WorkflowState
from snapshotter.publish import Accepted, PublishRequest, publish
from snapshotter.webhooks.add import add_webhook
from snapshotter.webhooks.approve import approve_webhook
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE
from tests.services.raw_dolphin import RawDolphin
from tests.snapshotter.receiver import Receiver
from tests.snapshotter.remade import TASKS, body

Publish = Callable[..., Accepted]


@pytest.fixture
def request_publish(project: Project, publisher: User) -> Publish:
    """Accept a publish and leave it queued."""

    def accept(definition: dict[str, Any], *, actor: User = publisher, key: str = "orders", **options: Any) -> Accepted:
        options.setdefault("project", project)
        origin = options.pop("origin", Origin(trigger=Trigger.API, message="why"))
        request = PublishRequest(workflow_key=key, definition=definition, origin=origin, **options)
        return publish(request, actor=actor)

    return accept


@pytest.fixture
def run_publish(request_publish: Publish) -> Callable[..., Sync]:
    """Publish and work until nothing is due; return the sync."""

    def run(definition: dict[str, Any], **options: Any) -> Sync:
        accepted = request_publish(definition, **options)
        assert accepted.sync is not None
        run_due()
        return Sync.objects.select_related("snapshot", "workflow__state").get(pk=accepted.sync.pk)

    return run


@pytest.fixture
def open_draft(project: Project, publisher: User) -> Publish:
    """Commit a draft as a platform would before its own calls."""

    def accept(definition: dict[str, Any], *, actor: User = publisher, key: str = "orders", **options: Any) -> Accepted:
        options.setdefault("project", project)
        origin = Origin(trigger=Trigger.API, message="why")
        return draft(PublishRequest(workflow_key=key, definition=definition, origin=origin, **options), actor=actor)

    return accept


@pytest.fixture
def raw(dolphin: Sandbox) -> RawDolphin:
    """DolphinScheduler's API as a platform calls it."""
    return RawDolphin(dolphin.url, dolphin.token)


@pytest.fixture
def platform_create(raw: RawDolphin, project: Project) -> Callable[..., int]:
    """Create in DolphinScheduler what a c1 body of shell tasks holds, as the platform would; return the workflow's code."""

    def create(body: dict[str, Any], **changes: Any) -> int:
        return raw.create(project.code, platform_form(raw, body, **changes))

    return create


def platform_form(raw: RawDolphin, body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a c1 body of shell tasks as a platform would send it."""
    tasks = body["definitions"]["tasks"]
    scripts = {int(code): task["taskParams"]["rawScript"] for code, task in tasks.items()}
    return raw.form(body["name"], scripts, **changes)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


@pytest.fixture
def hook(project: Project, manager: User, root: User, receiver: Receiver) -> WebhookEndpoint:
    """An approved webhook to the receiver; its secret under `secret`."""
    endpoint, secret = add_webhook(project, url=f"{receiver.url}/hook", actor=manager)
    approve_webhook(endpoint, actor=root)
    endpoint.refresh_from_db()
    endpoint.secret = secret
    return endpoint


@pytest.fixture
def linked_codes(raw: RawDolphin, project: Project) -> dict[str, int]:
    """Codes by name for the tasks of `remade.body`."""
    return dict(zip(TASKS, sorted(raw.task_codes(project.code, len(TASKS))), strict=True))


@pytest.fixture
def linked(run_publish: Callable[..., Sync], linked_codes: dict[str, int]) -> Workflow:
    """Two versions, the second of which waits for its own run of yesterday; online, with a schedule that is online."""
    schedule = {**SCHEDULE, "releaseState": "ONLINE"}
    first = run_publish(body(linked_codes, schedule=schedule), online="on", schedule=ScheduleChoice.FROM_DEFINITION)
    second = run_publish(body(linked_codes, script="echo b", own=first.workflow.workflow_code or 0))
    assert second.state == SyncState.SUCCEEDED, second.error_text
    return Workflow.objects.select_related("project__instance", "state").get()


@pytest.fixture
def executor(publisher: User, project: Project) -> User:
    """A publisher who may restore and rebind too."""
    assign_perm(EXECUTE, publisher, project)
    return publisher


@pytest.fixture
def bring_back(executor: User) -> Callable[..., Sync]:
    """Restore a version, the published one by default, and work until nothing is due; return the sync."""

    def act(workflow: Workflow, version: int | None = None, **options: Any) -> Sync:
        state = WorkflowState.objects.select_related("workflow__project__instance", "published").get(workflow=workflow)
        number = version or state.published.version  # type: ignore[union-attr]
        snapshot = Snapshot.objects.get(workflow=state.workflow, version=number)
        origin = Origin(trigger=Trigger.ROLLBACK)
        options = {"actor": executor, "reason": "deleted by mistake", "origin": origin, **options}
        sync = restore(state.workflow, version=snapshot, **options)
        run_due()
        return Sync.objects.select_related("snapshot", "workflow__state").get(pk=sync.pk)

    return act
