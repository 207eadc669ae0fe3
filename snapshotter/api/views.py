"""The writing API: publish, capture, and how a sync stands."""

import time
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audit.actors import Actor
from catalog.errors import InvalidRequest, NotFound
from catalog.keys import check_key
from catalog.models import Project, Workflow
from catalog.permissions import PUBLISH, require
from snapshotter.api.serializers import AcceptedOut, CaptureBody, FireOut, PublishBody, SyncOut
from snapshotter.capture import capture, govern
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.idempotency import hash_request
from snapshotter.make_snapshot import Origin
from snapshotter.models import MissedFire, Sync
from snapshotter.publish import Accepted, PublishRequest, publish
from snapshotter.start_fire import start_fire

MAX_WAIT = 60  # seconds a request may be held open
_WAIT = OpenApiParameter(
    "wait", int, description=f"Seconds to wait for the end, at most {MAX_WAIT}; 0 answers at once."
)
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key with the same request has one effect only.",
)


class PublishView(APIView):
    """Publish a definition: a snapshot is kept, then DolphinScheduler is brought to it and read back."""

    @extend_schema(
        request=PublishBody, responses={200: AcceptedOut, 202: AcceptedOut}, parameters=[_KEY, _WAIT], tags=["publish"]
    )
    def post(self, request: Request, key: str) -> Response:
        body = _valid(PublishBody, request)
        wait = _wait(request)
        accepted = publish(
            PublishRequest(
                workflow_key=key,
                definition=body["definition"],
                origin=_origin(body, Trigger.API),
                project=_project(request, body),
                workflow_code=body.get("workflow_code"),
                label=body.get("label"),
                base=body.get("base"),
                force_reason=body["reason"] if body["force"] else "",
                online=Online(body["online"]),
                schedule=ScheduleChoice(body["schedule"]),
                idempotency_key=request.headers.get("Idempotency-Key", ""),
                request_hash=hash_request(key.encode(), request.raw_body_sha256.encode()),  # type: ignore[attr-defined]
            ),
            actor=_actor(request),
        )
        return _answer(accepted, wait)


class CaptureView(APIView):
    """Take a snapshot of what DolphinScheduler holds now. DolphinScheduler is not written."""

    @extend_schema(
        request=CaptureBody, responses={200: AcceptedOut, 202: AcceptedOut}, parameters=[_WAIT], tags=["publish"]
    )
    def post(self, request: Request, key: str) -> Response:
        body = _valid(CaptureBody, request)
        wait = _wait(request)
        workflow = Workflow.objects.select_related("project__instance").filter(key=check_key(key)).first()
        if workflow is None:
            workflow = self._govern(request, body, key)
        sync = capture(workflow, origin=_origin(body, Trigger.CAPTURE), actor=_actor(request))
        return _answer(Accepted(workflow=workflow, sync=sync), wait)

    def _govern(self, request: Request, body: dict[str, Any], key: str) -> Workflow:
        project = _project(request, body)
        if project is None or "workflow_code" not in body:
            raise NotFound("No workflow has this key. Name project and workflow_code to capture it for the first time.")
        return govern(project, workflow_code=body["workflow_code"], name=key, actor=_actor(request), key=key)


class SyncView(APIView):
    """How a sync stands, with its journal."""

    @extend_schema(responses=SyncOut, tags=["publish"])
    def get(self, request: Request, sync_id: int) -> Response:
        syncs = (
            Sync.objects.visible_to(_actor(request)).select_related("workflow", "snapshot").prefetch_related("steps")
        )
        return Response(SyncOut(get_object_or_404(syncs, pk=sync_id)).data)


class StartFireView(APIView):
    """Start the run of a missed fire, for its own schedule time; once at most."""

    @extend_schema(request=None, responses=FireOut, tags=["publish"])
    def post(self, request: Request, fire_id: int) -> Response:
        fires = MissedFire.objects.visible_to(_actor(request)).select_related("workflow__project__instance", "sync")
        fire = get_object_or_404(fires, pk=fire_id)
        start_fire(fire, actor=_actor(request))
        fire.refresh_from_db()
        return Response(FireOut(fire).data)


def _valid(body: type[Any], request: Request) -> dict[str, Any]:
    serializer = body(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _actor(request: Request) -> Actor:
    return request.user  # type: ignore[return-value]  # authentication is required, so it is a user


def _project(request: Request, body: dict[str, Any]) -> Project | None:
    """Return the project a body names. One that is unknown and one that is out of sight get the same answer."""
    if "project" not in body:
        return None
    project = Project.objects.select_related("instance").filter(code=body["project"]).first()
    if project is None:
        raise NotFound("No governed project has this code.", project=body["project"])
    require(_actor(request), PUBLISH, project, event="publish.refused")
    return project


def _origin(body: dict[str, Any], trigger: Trigger) -> Origin:
    return Origin(
        trigger=trigger,
        trigger_ref=body["trigger_ref"],
        message=body["message"],
        published_by=body["published_by"],
        publish_task_ids=tuple(body["publish_task_ids"]),
        task_metadata=body["task_metadata"],
    )


def _wait(request: Request) -> int:
    given = request.query_params.get("wait", "0")
    if not given.isascii() or not given.isdigit() or int(given) > MAX_WAIT:
        raise InvalidRequest(f"wait is a whole number of seconds, 0 to {MAX_WAIT}.", field="wait")
    return int(given)


def _answer(accepted: Accepted, wait: int) -> Response:
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
        if sync.is_finished or time.monotonic() >= deadline:
            return sync
        time.sleep(pause)
        pause = min(pause * 1.5, 1.0)
