"""What the API's views share: a valid body, who asks, how long to wait, and the answer."""

import time
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from audit.actors import Actor
from catalog.errors import InvalidRequest
from snapshotter.api.serializers import AcceptedOut
from snapshotter.choices import SyncState
from snapshotter.models import Sync
from snapshotter.publish import Accepted

MAX_WAIT = 60  # seconds a request may be held open
WAIT = OpenApiParameter("wait", int, description=f"Seconds to wait for the end, at most {MAX_WAIT}; 0 answers at once.")


def valid(body: type[Any], request: Request) -> dict[str, Any]:
    serializer = body(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def actor_of(request: Request) -> Actor:
    return request.user  # type: ignore[return-value]  # authentication is required, so it is a user


def wait_of(request: Request) -> int:
    given = request.query_params.get("wait", "0")
    if not given.isascii() or not given.isdigit() or int(given) > MAX_WAIT:
        raise InvalidRequest(f"wait is a whole number of seconds, 0 to {MAX_WAIT}.", field="wait")
    return int(given)


def answer(accepted: Accepted, wait: int) -> Response:
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
