"""The way of a platform that calls DolphinScheduler itself: draft first, then confirm or fail."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.errors import NotFound
from snapshotter.api.requests import KEY, WAIT, actor_of, answer, origin_of, project_of, valid, wait_of
from snapshotter.api.serializers import AcceptedOut, ConfirmBody, DraftBody, FailBody
from snapshotter.choices import Trigger
from snapshotter.drafts.confirm import confirm
from snapshotter.drafts.draft import draft
from snapshotter.drafts.fail import fail_draft
from snapshotter.idempotency import hash_request
from snapshotter.models import Snapshot
from snapshotter.publish import PublishRequest


class DraftView(APIView):
    """Keep a definition as a draft and hold its workflow, before the platform's own DolphinScheduler calls."""

    @extend_schema(
        request=DraftBody, responses={200: AcceptedOut, 202: AcceptedOut}, parameters=[KEY], tags=["publish"]
    )
    def post(self, request: Request, key: str) -> Response:
        body = valid(DraftBody, request)
        accepted = draft(
            PublishRequest(
                workflow_key=key,
                definition=body["definition"],
                origin=origin_of(body, Trigger.API),
                project=project_of(request, body),
                workflow_code=body.get("workflow_code"),
                label=body.get("label"),
                base=body.get("base"),
                override_freeze=body["override_freeze"].strip(),
                idempotency_key=request.headers.get("Idempotency-Key", ""),
                request_hash=hash_request(b"draft", key.encode(), request.raw_body_sha256.encode()),  # type: ignore[attr-defined]
            ),
            actor=actor_of(request),
        )
        return answer(accepted, 0)


class ConfirmView(APIView):
    """The platform's calls are done: read DolphinScheduler back and prove that it holds the draft."""

    @extend_schema(
        request=ConfirmBody, responses={200: AcceptedOut, 202: AcceptedOut}, parameters=[WAIT], tags=["publish"]
    )
    def post(self, request: Request, snapshot_id: int) -> Response:
        body = valid(ConfirmBody, request)
        wait = wait_of(request)
        accepted = confirm(
            _snapshot(request, snapshot_id),
            workflow_code=body["workflow_code"],
            dolphin_version=body.get("dolphin_version"),
            actor=actor_of(request),
        )
        return answer(accepted, wait)


class FailView(APIView):
    """The platform's calls went wrong: the draft has failed and the workflow is free."""

    @extend_schema(request=FailBody, responses={200: AcceptedOut}, tags=["publish"])
    def post(self, request: Request, snapshot_id: int) -> Response:
        body = valid(FailBody, request)
        snapshot = _snapshot(request, snapshot_id)
        return answer(fail_draft(snapshot, code=body["code"], message=body["message"], actor=actor_of(request)), 0)


def _snapshot(request: Request, snapshot_id: int) -> Snapshot:
    snapshots = Snapshot.objects.visible_to(actor_of(request)).select_related("project", "workflow__project__instance")
    snapshot: Snapshot | None = snapshots.filter(pk=snapshot_id).first()
    if snapshot is None:
        raise NotFound
    return snapshot
