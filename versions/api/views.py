"""The reading API. GET only; every list starts from what the caller may see."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.errors import InvalidRequest, NotFound
from catalog.models import Workflow
from snapshotter.api.pagination import ById, ByKey, ByVersion
from snapshotter.api.serializers import FireOut, SnapshotBrief
from snapshotter.models import MissedFire, Snapshot
from versions.api import examples
from versions.api.examples import CONTENT_FLAG, IF_NONE_MATCH, SIDE_TEXT, errors, example
from versions.api.filters import WorkflowFilter
from versions.api.reading import Reading
from versions.api.serializers import DiffOut, SnapshotDetail, WorkflowDetailOut, WorkflowOut
from versions.comparison import compare_sides, sides, snapshot_named
from versions.exports.export import FORMATS, export
from versions.filters import SnapshotFilter

_TAGS = ["versions"]
_LIST: dict[str, Any] = {"tags": _TAGS, "parameters": [IF_NONE_MATCH]}
_EITHER = PolymorphicProxySerializer("VersionOut", [SnapshotBrief, SnapshotDetail], resource_type_field_name=None)
_DETAIL = [IF_NONE_MATCH, CONTENT_FLAG]
_DETAIL_EXAMPLES = [
    example("brief", examples.VERSION),
    example("content=true", {**examples.VERSION, **examples.CONTENT}),
]


@extend_schema_view(
    get=extend_schema(
        **_LIST,
        examples=[example("workflow", examples.WORKFLOW)],
        responses={200: WorkflowOut(many=True), **errors(400)},
    )
)
class WorkflowList(Reading, generics.ListAPIView[Workflow]):
    """Governed workflows that the caller may see, by key."""

    serializer_class = WorkflowOut
    queryset = Workflow.objects.none()  # for the schema alone
    pagination_class = ByKey
    filterset_class = WorkflowFilter

    def get_queryset(self) -> QuerySet[Workflow]:
        # Not joined: MariaDB would sort all rows before it takes a page.
        return Workflow.objects.listed_for(self.actor).prefetch_related("project__instance", "state__published")


class WorkflowDetail(Reading):
    """One workflow and its present state."""

    @extend_schema(
        tags=_TAGS,
        parameters=[IF_NONE_MATCH],
        examples=[example("free", {**examples.WORKFLOW, "lock": None}), example("held", examples.HELD)],
        responses={200: WorkflowDetailOut, **errors(400, 404)},
    )
    def get(self, request: Request, key: str) -> Response:
        return Response(WorkflowDetailOut(self.workflow()).data)


@extend_schema_view(
    get=extend_schema(
        **_LIST,
        examples=[example("version", examples.VERSION)],
        responses={200: SnapshotBrief(many=True), **errors(400, 404)},
    )
)
class VersionList(Reading, generics.ListAPIView[Snapshot]):
    """Versions of one workflow without their content, newest first."""

    serializer_class = SnapshotBrief
    pagination_class = ByVersion
    filterset_class = SnapshotFilter
    queryset = Snapshot.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[Snapshot]:
        return Snapshot.objects.for_workflow(self.workflow()).latest_first()


@extend_schema_view(
    get=extend_schema(
        **_LIST,
        examples=[example("missed fire", examples.FIRE)],
        responses={200: FireOut(many=True), **errors(400, 404)},
    )
)
class MissedFireList(Reading, generics.ListAPIView[MissedFire]):
    """Fires of one workflow that publishes have swallowed, newest first."""

    serializer_class = FireOut
    pagination_class = ById
    queryset = MissedFire.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[MissedFire]:
        fires = MissedFire.objects.filter(workflow=self.workflow())
        return fires.named().select_related("workflow").order_by("-id")


class _Detail(Reading):
    """A version, with its content where it is asked for."""

    parameters = frozenset({"content"})

    def answer(self, snapshot: Snapshot) -> Response:
        serializer = SnapshotDetail if self.flag("content") else SnapshotBrief
        return Response(serializer(snapshot).data)


class VersionDetail(_Detail):
    """One version by number, `latest` or `published`.

    `published` is the pointer: the newest version proven to be live at its publish, what most callers want. `latest` is the highest
    number whatever became of it, failed ones and drafts too; versions recovered by back-fill don't count.
    """

    @extend_schema(
        tags=_TAGS,
        parameters=_DETAIL,
        examples=_DETAIL_EXAMPLES,
        responses={200: _EITHER, **errors(400, 404, 500)},
    )
    def get(self, request: Request, key: str, version: str) -> Response:
        return self.answer(snapshot_named(self.workflow(), version))


@extend_schema_view(
    get=extend_schema(
        **_LIST,
        examples=[example("version", examples.VERSION)],
        responses={200: SnapshotBrief(many=True), **errors(400)},
    )
)
class SnapshotList(Reading, generics.ListAPIView[Snapshot]):
    """Versions of all workflows that the caller may see, newest first. `content_hash` finds every version that holds a content."""

    serializer_class = SnapshotBrief
    pagination_class = ById
    filterset_class = SnapshotFilter
    queryset = Snapshot.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[Snapshot]:
        return Snapshot.objects.listed_for(self.actor).order_by("-id")


class SnapshotById(_Detail):
    """One version by its id, the one that errors and log lines name."""

    @extend_schema(
        tags=_TAGS,
        parameters=_DETAIL,
        examples=_DETAIL_EXAMPLES,
        responses={200: _EITHER, **errors(400, 404, 500)},
    )
    def get(self, request: Request, snapshot_id: int) -> Response:
        snapshot = Snapshot.objects.visible_to(self.actor).filter(pk=snapshot_id).first()
        if snapshot is None:
            raise NotFound
        return self.answer(snapshot)


class _AnyAccept(DefaultContentNegotiation):
    """The parameter `format` says what is answered, whatever the caller's library accepts."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class DiffView(Reading):
    """What changed between two versions, or between a version and live. Secrets are masked; that one changed stays visible."""

    parameters = frozenset({"left", "right", "format", "layout"})
    content_negotiation_class = _AnyAccept

    @extend_schema(
        tags=_TAGS,
        parameters=[
            IF_NONE_MATCH,
            OpenApiParameter("left", str, description=f"{SIDE_TEXT}. Default: published"),
            OpenApiParameter("right", str, description="The same. Default: live, as read in the last seconds"),
            OpenApiParameter("format", str, enum=FORMATS, description="Default: json"),
            OpenApiParameter(
                "layout", bool, description="true: moved boxes too; without it they are counted in `hidden`"
            ),
        ],
        examples=[
            example("json", examples.DIFF),
            example("unified", examples.UNIFIED, "text/x-diff"),
            example("markdown", examples.MARKDOWN, "text/markdown"),
        ],
        responses={
            (200, "application/json"): DiffOut,
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "text/x-diff"): OpenApiTypes.STR,
            **errors(400, 404, 409, 500, 502, 503),
        },
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        asked = request.query_params
        format, with_layout = asked.get("format", "json"), self.flag("layout")
        if format not in FORMATS:  # before DolphinScheduler is asked
            raise InvalidRequest(f"format is one of {', '.join(FORMATS)}.", field="format")
        workflow = self.workflow()
        left, right = sides(workflow, asked.get("left", "published"), asked.get("right", "live"))
        found = export(left, right, compare_sides(left, right), format, with_layout=with_layout)
        return HttpResponse(found.body, content_type=found.content_type)
