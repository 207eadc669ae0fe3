"""The reading API. GET only; every list starts from what the caller may see."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audit.actors import Actor
from catalog.errors import NotFound
from catalog.models import Workflow
from definitions.compare import masked, to_json
from snapshotter.api.pagination import ById, ByKey, ByVersion
from snapshotter.api.serializers import FireOut, SnapshotBrief
from snapshotter.masking import digest
from snapshotter.models import MissedFire, Snapshot
from versions.api.serializers import SnapshotDetail, WorkflowOut
from versions.comparison import compare_sides, side, snapshot_named
from versions.filters import SnapshotFilter

_CONTENT = OpenApiParameter(
    "content", bool, description="true: with definitions, relations, layout and schedule, secrets masked."
)


class WorkflowList(generics.ListAPIView[Workflow]):
    """Governed workflows, by key."""

    serializer_class = WorkflowOut
    queryset = Workflow.objects.none()  # for the schema alone
    pagination_class = ByKey

    def get_queryset(self) -> QuerySet[Workflow]:
        return Workflow.objects.visible_to(_actor(self.request)).select_related("project__instance", "state__published")


class WorkflowDetail(APIView):
    """One workflow and its present state."""

    @extend_schema(responses=WorkflowOut)
    def get(self, request: Request, key: str) -> Response:
        return Response(WorkflowOut(_workflow(request, key)).data)


class VersionList(generics.ListAPIView[Snapshot]):
    """Versions of one workflow, newest first."""

    serializer_class = SnapshotBrief
    pagination_class = ByVersion
    filterset_class = SnapshotFilter
    queryset = Snapshot.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[Snapshot]:
        return Snapshot.objects.for_workflow(_workflow(self.request, self.kwargs["key"])).latest_first()


class MissedFireList(generics.ListAPIView[MissedFire]):
    """Fires of one workflow that publishes have swallowed, newest first."""

    serializer_class = FireOut
    pagination_class = ById
    queryset = MissedFire.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[MissedFire]:
        fires = MissedFire.objects.filter(workflow=_workflow(self.request, self.kwargs["key"]))
        return fires.named().select_related("workflow").order_by("-id")


class VersionDetail(APIView):
    """One version by number, `latest` or `published`."""

    @extend_schema(responses=SnapshotDetail, parameters=[_CONTENT])
    def get(self, request: Request, key: str, version: str) -> Response:
        return Response(_snapshot_out(request, snapshot_named(_workflow(request, key), version)))


class SnapshotList(generics.ListAPIView[Snapshot]):
    """Versions of all workflows the caller may see, newest first."""

    serializer_class = SnapshotBrief
    pagination_class = ById
    filterset_class = SnapshotFilter
    queryset = Snapshot.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[Snapshot]:
        return Snapshot.objects.visible_to(_actor(self.request)).order_by("-id")


class SnapshotById(APIView):
    """One version by its id, the one that errors and log lines name."""

    @extend_schema(responses=SnapshotDetail, parameters=[_CONTENT])
    def get(self, request: Request, snapshot_id: int) -> Response:
        snapshot = Snapshot.objects.visible_to(_actor(request)).filter(pk=snapshot_id).first()
        if snapshot is None:
            raise NotFound
        return Response(_snapshot_out(request, snapshot))


class DiffView(APIView):
    """What changed between two versions, or between a version and live."""

    @extend_schema(
        parameters=[
            OpenApiParameter("left", str, description="a version number, latest, published or live; default published"),
            OpenApiParameter("right", str, description="the same; default live"),
        ],
        responses=dict,
    )
    def get(self, request: Request, key: str) -> Response:
        workflow = _workflow(request, key)
        left = side(workflow, request.query_params.get("left", "published"))
        right = side(workflow, request.query_params.get("right", "live"))
        changes = to_json(masked(compare_sides(left, right), digest=digest))
        return Response({"workflow": workflow.key, "left": left.name, "right": right.name, **changes})


def _actor(request: Any) -> Actor:
    actor: Actor = request.user
    return actor


def _workflow(request: Any, key: str) -> Workflow:
    workflow = (
        Workflow.objects.visible_to(_actor(request))
        .select_related("project__instance", "state__published")
        .with_key(key)
        .first()
    )
    if workflow is None:
        raise NotFound
    return workflow


def _snapshot_out(request: Request, snapshot: Snapshot) -> Any:
    with_content = request.query_params.get("content") == "true"
    return (SnapshotDetail if with_content else SnapshotBrief)(snapshot).data
