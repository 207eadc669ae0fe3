"""From an HTTP call to a verb's arguments, and from what the verb accepted to the answer. Shared by the writing API's views."""

import time
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from audit.actors import Actor
from catalog.errors import InvalidRequest, NotFound
from catalog.models import Instance, Project
from catalog.permissions import PUBLISH, require
from definitions.numbers import is_number
from snapshotter.api.serializers import AcceptedOut
from snapshotter.choices import SyncState, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import Sync
from snapshotter.publish import Accepted

MAX_WAIT = 60  # seconds a request may be held open
WAIT = OpenApiParameter("wait", int, description=f"Seconds to wait for the end, at most {MAX_WAIT}; 0 answers at once.")
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key with the same request has one effect only.",
)


def valid(body: type[Any], request: Request) -> dict[str, Any]:
    """Return the checked body."""
    serializer = body(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def actor_of(request: Request) -> Actor:
    """Return the caller."""
    return request.user  # type: ignore[return-value]  # authentication is required, so it is a user


def project_of(request: Request, body: dict[str, Any]) -> Project | None:
    """Return the project a body names. One that is unknown and one that is out of sight get the same answer."""
    if "project" not in body:
        return None
    project = Project.objects.select_related("instance").filter(code=body["project"]).first()
    try:
        if project is None:
            raise NotFound
        require(actor_of(request), PUBLISH, project, event="publish.refused")
    except NotFound:
        raise NotFound("No governed project has this code.", project=body["project"]) from None
    return project


def scope_of(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """Return the project or the instance that a body names, as a verb's arguments; what is out of sight is unknown. Raises NotFound."""
    visible = Project.objects.visible_to(actor_of(request)).select_related("instance")
    if "project" in body:
        project = visible.filter(code=body["project"]).first()
        if project is None:
            raise NotFound("No governed project has this code.", project=body["project"])
        return {"project": project}
    if "instance" in body:
        instances = Instance.objects.filter(name=body["instance"])
        seen = instances if request.user.is_superuser else instances.filter(pk__in=visible.values("instance"))
        if (instance := seen.first()) is None:
            raise NotFound("No instance has this name.", instance=body["instance"])
        return {"instance": instance}
    return {}


def origin_of(body: dict[str, Any], trigger: Trigger) -> Origin:
    """Return who and why, as the body says."""
    return Origin(
        trigger=trigger,
        trigger_ref=body["trigger_ref"],
        message=body["message"],
        published_by=body["published_by"],
        publish_task_ids=tuple(body["publish_task_ids"]),
        task_metadata=body["task_metadata"],
    )


def wait_of(request: Request) -> int:
    """Return how many seconds the caller holds on. Raises InvalidRequest."""
    given = request.query_params.get("wait", "0")
    if not is_number(given) or int(given) > MAX_WAIT:
        raise InvalidRequest(f"wait is a whole number of seconds, 0 to {MAX_WAIT}.", field="wait")
    return int(given)


def answer(accepted: Accepted, wait: int) -> Response:
    """Answer 200 when all is over, 202 while a sync goes on."""
    is_fresh = wait == 0 and not accepted.replayed  # as it was just written: nothing to read again
    sync = accepted.sync if is_fresh else _until_finished(accepted.sync, wait)
    payload = AcceptedOut(
        {
            "workflow": accepted.workflow,
            "sync": sync,
            "snapshot": sync.snapshot if sync else accepted.snapshot,
            "duplicate": accepted.duplicate,
            "replayed": accepted.replayed,
            "recorded": accepted.recorded,
        }
    ).data
    finished = sync is None or sync.is_finished
    return Response(payload, status=status.HTTP_200_OK if finished else status.HTTP_202_ACCEPTED)


def _until_finished(sync: Sync | None, wait: int) -> Sync | None:
    """Re-read the sync until it ends or the time is up. No transaction is open meanwhile."""
    if sync is None:
        return None
    deadline = time.monotonic() + wait
    pause = 0.05
    while True:
        sync = Sync.objects.select_related("workflow", "snapshot").prefetch_related("steps").get(pk=sync.pk)
        if sync.is_finished or sync.state == SyncState.ATTENTION or time.monotonic() >= deadline:
            return sync
        time.sleep(pause)
        pause = min(pause * 1.5, 1.0)
