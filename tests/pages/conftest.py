"""A workflow with two versions, seen by signed-in people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE
from tests.snapshotter.conftest import request_publish, run_publish  # noqa: F401  publishes to look at

CANARY = "c4n4ry-hunter2"
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def two_versions(project: Any, publisher: User, make_definition: Callable[..., dict[str, Any]]) -> Sync:
    """`orders` at version 2, online and scheduled, with a secret in a script and markup wherever text may stand."""

    def go(body: dict[str, Any], **options: Any) -> Sync:
        origin = Origin(trigger=Trigger.API, message=f"why {MARKUP}", published_by=f"li.na {MARKUP}")
        accepted = publish(
            PublishRequest(workflow_key="orders", definition=body, origin=origin, project=project, **options),
            actor=publisher,
        )
        assert accepted.sync is not None
        run_due()
        return Sync.objects.get(pk=accepted.sync.pk)

    name = f"每日 {MARKUP}"
    schedule = {**SCHEDULE, "releaseState": "ONLINE"}
    first = make_definition(f"export PASSWORD={CANARY}\necho one\n", name=name, schedule=schedule)
    task = next(iter(first["definitions"]["tasks"].values()))
    task["name"] = f"extract {MARKUP}"
    go(first, online=Online.ON, schedule=ScheduleChoice.FROM_DEFINITION)
    task["taskParams"]["rawScript"] = f"export PASSWORD={CANARY}2\necho two\n"
    sync = go({**first, "schedule": None})
    assert sync.state == "succeeded", sync.error_text
    return sync


@pytest.fixture
def browse(client: Client) -> Callable[..., Any]:
    def get(path: str, user: User, **options: Any) -> Any:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client.get(path, **options)

    return get
