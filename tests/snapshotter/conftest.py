"""A publish from request to end, with the embedded worker run by hand."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from catalog.models import Project
from dolphin.sandbox import Sandbox
from snapshotter.add_webhook import add_webhook
from snapshotter.approve_webhook import approve_webhook
from snapshotter.choices import Trigger
from snapshotter.draft import draft
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync, WebhookEndpoint
from snapshotter.publish import Accepted, PublishRequest, publish
from snapshotter.work import run_due
from tests.services.raw_dolphin import RawDolphin
from tests.snapshotter.receiver import Receiver

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
