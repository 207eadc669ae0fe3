"""The acting API: cancel, resume or give up a sync, retry a version, put the published one back, free a workflow, start a missed run."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.errors import NotFound
from catalog.models import Workflow
from snapshotter.api.requests import WAIT, actor_of, answer, valid, wait_of
from snapshotter.api.serializers import AcceptedOut, FireOut, ForceBody, ReasonBody, SyncOut, UnlockedOut
from snapshotter.cancel import cancel
from snapshotter.fires.start import start_fire
from snapshotter.give_up import give_up
from snapshotter.models import MissedFire, Snapshot, Sync
from snapshotter.publish import Accepted
from snapshotter.put_back import put_back
from snapshotter.resume import resume
from snapshotter.retry import retry
from snapshotter.unlock import unlock


class _SyncAct(APIView):
    """A person's act on one sync; subclasses say which."""

    def act(self, sync: Sync, request: Request, body: dict[str, Any]) -> Sync:
        raise NotImplementedError

    @extend_schema(request=ReasonBody, responses=SyncOut, tags=["syncs"])
    def post(self, request: Request, sync_id: int) -> Response:
        body = valid(ReasonBody, request)
        syncs = Sync.objects.visible_to(actor_of(request)).select_related("workflow__project__instance", "snapshot")
        return Response(SyncOut(self.act(get_object_or_404(syncs, pk=sync_id), request, body)).data)


class CancelView(_SyncAct):
    """Cancel what is queued or waiting and has sent nothing."""

    def act(self, sync: Sync, request: Request, body: dict[str, Any]) -> Sync:
        return cancel(sync, actor=actor_of(request), reason=body["reason"])


class ResumeView(_SyncAct):
    """Look again and go on with a sync that needs attention."""

    def act(self, sync: Sync, request: Request, body: dict[str, Any]) -> Sync:
        return resume(sync, actor=actor_of(request), reason=body["reason"])


class GiveUpView(_SyncAct):
    """End a sync that needs attention as failed, and free the workflow. The reason is required."""

    def act(self, sync: Sync, request: Request, body: dict[str, Any]) -> Sync:
        return give_up(sync, actor=actor_of(request), reason=body["reason"])


class RetryView(APIView):
    """Publish a failed version again, unless something newer stands or the published version has moved."""

    @extend_schema(
        request=ForceBody, responses={200: AcceptedOut, 202: AcceptedOut}, parameters=[WAIT], tags=["publish"]
    )
    def post(self, request: Request, snapshot_id: int) -> Response:
        body, wait = valid(ForceBody, request), wait_of(request)
        snapshots = Snapshot.objects.visible_to(actor_of(request)).select_related("workflow__project__instance")
        snapshot = get_object_or_404(snapshots, pk=snapshot_id)
        sync = retry(snapshot, actor=actor_of(request), force_reason=body["reason"] if body["force"] else "")
        return answer(Accepted(workflow=snapshot.workflow, sync=sync), wait)


class PutBackView(APIView):
    """Bring DolphinScheduler back to the published version; repairs a corrupt workflow too. The reason is required."""

    @extend_schema(
        request=ReasonBody, responses={200: AcceptedOut, 202: AcceptedOut}, parameters=[WAIT], tags=["publish"]
    )
    def post(self, request: Request, key: str) -> Response:
        body, wait = valid(ReasonBody, request), wait_of(request)
        workflow = _workflow(request, key)
        sync = put_back(workflow, actor=actor_of(request), reason=body["reason"])
        return answer(Accepted(workflow=workflow, sync=sync), wait)


class UnlockView(APIView):
    """Free a workflow whose holder can't go on by itself; needs manage_project. The reason is required."""

    @extend_schema(request=ReasonBody, responses=UnlockedOut, tags=["syncs"])
    def post(self, request: Request, key: str) -> Response:
        body = valid(ReasonBody, request)
        workflow = _workflow(request, key)
        sync = unlock(workflow, actor=actor_of(request), reason=body["reason"])
        return Response(UnlockedOut({"workflow": workflow.key, "sync": sync}).data)


class StartFireView(APIView):
    """Start the run of a missed fire, for its own schedule time; once at most."""

    @extend_schema(request=None, responses=FireOut, tags=["publish"])
    def post(self, request: Request, fire_id: int) -> Response:
        fires = MissedFire.objects.visible_to(actor_of(request)).select_related("workflow__project__instance", "sync")
        fire = get_object_or_404(fires, pk=fire_id)
        start_fire(fire, actor=actor_of(request))
        fire.refresh_from_db()
        return Response(FireOut(fire).data)


def _workflow(request: Request, key: str) -> Workflow:
    rows = Workflow.objects.visible_to(actor_of(request)).select_related("project__instance")
    found: Workflow | None = rows.filter(key=key).first()
    if found is None:
        raise NotFound
    return found
