"""The writing API: publish, capture, and how a sync stands."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.errors import NotFound
from catalog.keys import check_key
from catalog.models import Workflow
from snapshotter.api.requests import KEY, WAIT, actor_of, answer, origin_of, project_of, valid, wait_of
from snapshotter.api.serializers import AcceptedOut, CaptureBody, PublishBody, SyncOut
from snapshotter.capture import capture, govern
from snapshotter.choices import Online, ScheduleChoice, Trigger
from snapshotter.idempotency import hash_request
from snapshotter.models import Sync
from snapshotter.publish import Accepted, PublishRequest, publish


class PublishView(APIView):
    """Publish a definition: a snapshot is kept, then DolphinScheduler is brought to it and read back."""

    @extend_schema(
        request=PublishBody, responses={200: AcceptedOut, 202: AcceptedOut}, parameters=[KEY, WAIT], tags=["publish"]
    )
    def post(self, request: Request, key: str) -> Response:
        body = valid(PublishBody, request)
        wait = wait_of(request)
        accepted = publish(
            PublishRequest(
                workflow_key=key,
                definition=body["definition"],
                origin=origin_of(body, Trigger.API),
                project=project_of(request, body),
                workflow_code=body.get("workflow_code"),
                label=body.get("label"),
                base=body.get("base"),
                force_reason=body["reason"] if body["force"] else "",
                override_freeze=body["override_freeze"].strip(),
                online=Online(body["online"]),
                schedule=ScheduleChoice(body["schedule"]),
                idempotency_key=request.headers.get("Idempotency-Key", ""),
                request_hash=hash_request(key.encode(), request.raw_body_sha256.encode()),  # type: ignore[attr-defined]
            ),
            actor=actor_of(request),
        )
        return answer(accepted, wait)


class CaptureView(APIView):
    """Take a snapshot of what DolphinScheduler holds now. DolphinScheduler is not written."""

    @extend_schema(
        request=CaptureBody, responses={200: AcceptedOut, 202: AcceptedOut}, parameters=[WAIT], tags=["publish"]
    )
    def post(self, request: Request, key: str) -> Response:
        body = valid(CaptureBody, request)
        wait = wait_of(request)
        workflow = Workflow.objects.select_related("project__instance").filter(key=check_key(key)).first()
        if workflow is None:
            workflow = self._govern(request, body, key)
        sync = capture(workflow, origin=origin_of(body, Trigger.CAPTURE), actor=actor_of(request))
        return answer(Accepted(workflow=workflow, sync=sync), wait)

    def _govern(self, request: Request, body: dict[str, Any], key: str) -> Workflow:
        project = project_of(request, body)
        if project is None or "workflow_code" not in body:
            raise NotFound("No workflow has this key. Name project and workflow_code to capture it for the first time.")
        return govern(project, workflow_code=body["workflow_code"], name=key, actor=actor_of(request), key=key)


class SyncView(APIView):
    """How a sync stands, with its journal."""

    @extend_schema(responses=SyncOut, tags=["publish"])
    def get(self, request: Request, sync_id: int) -> Response:
        syncs = (
            Sync.objects.visible_to(actor_of(request)).select_related("workflow", "snapshot").prefetch_related("steps")
        )
        return Response(SyncOut(get_object_or_404(syncs, pk=sync_id)).data)
