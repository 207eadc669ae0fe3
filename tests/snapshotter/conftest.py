"""A publish from request to end, with the embedded worker run by hand."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from catalog.models import Project
from snapshotter.choices import Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync
from snapshotter.publish import Accepted, PublishRequest, publish
from snapshotter.work import run_due

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
