"""Rollbacks of many in the API: previewed, asked for, listed, approved, executed, cancelled."""

from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.errors import NotFound
from catalog.models import Project
from rollback.api import many_shapes as shapes
from rollback.choices import Category
from rollback.choices_of import Choices
from rollback.many.again import again
from rollback.many.approve_many import approve_many
from rollback.many.cancel_many import cancel_many
from rollback.many.criteria import Criteria, criteria_of
from rollback.many.execute_many import execute_many
from rollback.many.preview import preview
from rollback.many.submit_many import AskMany, submit_many
from rollback.models import RollbackBatch
from snapshotter.api.pagination import ById
from snapshotter.api.requests import KEY, actor_of, valid
from snapshotter.choices import ScheduleChoice
from versions.api.examples import IF_NONE_MATCH, errors, refusals
from versions.api.reading import Reading

_TAGS: Final = ["rollbacks of many"]
_BODY: Final[dict[str, Any]] = {
    "criteria": {"publisher": "mallory", "since": "2026-11-26T02:00:00+08:00", "text": "", "workflows": []},
    "preview": False,
    "workflows": [{"workflow": "orders_daily", "target_version": 11, "published_version": 12}],
    "reason": "INC-1207: rows are lost since 02:10",
    "category": "bad_publish",
    "ticket": "INC-1207",
    "schedule": "keep",
    "acknowledge": ["others_since"],
}


@extend_schema_view(
    get=extend_schema(
        tags=_TAGS, parameters=[IF_NONE_MATCH], responses={200: shapes.BatchOut(many=True), **errors(400)}
    )
)
class BatchList(Reading, generics.ListAPIView[RollbackBatch]):
    """Rollbacks of many that hold something the caller may see, newest first; and asking for one.

    `preview: true` answers 200 with what would go back and what would not, and keeps nothing. Else 202: the batch is kept, and a worker
    asks for each rollback; 200 where the same `Idempotency-Key` made it before.
    """

    serializer_class = shapes.BatchOut
    queryset = RollbackBatch.objects.none()  # for the schema alone
    pagination_class = ById

    def get_queryset(self) -> QuerySet[RollbackBatch]:
        return RollbackBatch.objects.visible_to(self.actor).order_by("-id")

    @extend_schema(
        request=shapes.BatchBody,
        responses={200: shapes.ManyPreviewOut, 202: shapes.BatchDetail, **refusals(400, 403, 404, 409)},
        parameters=[KEY],
        examples=[OpenApiExample("rollback of many", _BODY, request_only=True)],
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        body = valid(shapes.BatchBody, request)
        criteria = _criteria(request, body["criteria"])
        choices = Choices(schedule=ScheduleChoice(body["schedule"]))
        if body["preview"]:
            found = preview(criteria, actor=actor_of(request), choices=choices)
            return Response(shapes.ManyPreviewOut(shapes.preview_out(found)).data)
        batch, is_new = submit_many(_ask(request, body, criteria, choices), actor=actor_of(request))
        code = status.HTTP_202_ACCEPTED if is_new else status.HTTP_200_OK
        return Response(shapes.BatchDetail(batch, context=_context(request, batch)).data, status=code)


class BatchView(Reading):
    """How a rollback of many stands, workflow by workflow."""

    @extend_schema(tags=_TAGS, parameters=[IF_NONE_MATCH], responses={200: shapes.BatchDetail, **errors(400, 404)})
    def get(self, request: Request, pk: int) -> Response:
        batch = _batch(request, pk)
        return Response(shapes.BatchDetail(batch, context=_context(request, batch)).data)


class _Act(APIView):
    """A person's act on the whole, or on named workflows of it; subclasses say which."""

    body: ClassVar[type[serializers.Serializer[Any]]]
    answer: ClassVar[type[serializers.Serializer[Any]]] = shapes.BatchDetail

    def act(self, batch: RollbackBatch, request: Request, body: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def post(self, request: Request, pk: int) -> Response:
        body = valid(self.body, request)
        batch = _batch(request, pk)
        more = self.act(batch, request, body)
        batch.refresh_from_db()
        return Response(self.answer(batch, context={**_context(request, batch), **more}).data)


def _schema(body: type[Any], answer: type[Any] = shapes.BatchDetail) -> Any:
    answers = {200: answer, **refusals(400, 403, 404, 409)}
    return extend_schema_view(post=extend_schema(request=body, responses=answers, tags=_TAGS))


@_schema(shapes.ApproveManyBody, shapes.DecidedOut)
class ApproveManyView(_Act):
    """Approve those that were seen and wait for the caller's word, 50 at once; each is an approval of its own."""

    body = shapes.ApproveManyBody
    answer = shapes.DecidedOut

    def act(self, batch: RollbackBatch, request: Request, body: dict[str, Any]) -> dict[str, Any]:
        seen = {row["id"]: row["bound_hash"] for row in body["requests"]}
        return {"decided": approve_many(batch, actor=actor_of(request), seen=seen, comment=body["comment"])}


@_schema(shapes.ExecuteManyBody)
class ExecuteManyView(_Act):
    """Have all that are approved executed, or those named, children first. A worker begins them."""

    body = shapes.ExecuteManyBody

    def act(self, batch: RollbackBatch, request: Request, body: dict[str, Any]) -> dict[str, Any]:
        execute_many(batch, actor=actor_of(request), **body)
        return {}


@_schema(shapes.AgainBody)
class AgainView(_Act):
    """Ask again for those left out, agreeing to findings by name; only who asked for the batch."""

    body = shapes.AgainBody

    def act(self, batch: RollbackBatch, request: Request, body: dict[str, Any]) -> dict[str, Any]:
        again(batch, actor=actor_of(request), acknowledged=body["acknowledge"])
        return {}


@_schema(shapes.CancelManyBody)
class CancelManyView(_Act):
    """Cancel what has not begun."""

    body = shapes.CancelManyBody

    def act(self, batch: RollbackBatch, request: Request, body: dict[str, Any]) -> dict[str, Any]:
        cancel_many(batch, actor=actor_of(request), **body)
        return {}


def _criteria(request: Request, body: dict[str, Any]) -> Criteria:
    """Return the body's criteria. A project that is unknown and one out of sight get the same answer."""
    project = None
    if "project" in body:
        visible = Project.objects.visible_to(actor_of(request)).select_related("instance")
        project = visible.filter(code=body["project"]).first()
        if project is None:
            raise NotFound("No governed project has this code.", project=body["project"])
    return criteria_of(
        publisher=body["publisher"],
        since=body.get("since"),
        until=body.get("until"),
        text=body["text"],
        project=project,
        workflows=tuple(body["workflows"]),
    )


def _ask(request: Request, body: dict[str, Any], criteria: Criteria, choices: Choices) -> AskMany:
    named = body.get("workflows")
    picks = {row["workflow"]: (row["target_version"], row["published_version"]) for row in named or ()}
    return AskMany(
        criteria=criteria,
        choices=choices,
        picks=picks if named is not None else None,
        reason=body["reason"],
        category=Category(body["category"]),
        ticket=body["ticket"],
        wait_for_runs=body["wait_for_runs"],
        acknowledged=tuple(body["acknowledge"]),
        override_freeze=body["override_freeze"].strip(),
        key=request.headers.get("Idempotency-Key", "")[:200],
    )


def _batch(request: Request, pk: int) -> RollbackBatch:
    found: RollbackBatch = get_object_or_404(RollbackBatch.objects.visible_to(actor_of(request)), pk=pk)
    return found


def _context(request: Request, batch: RollbackBatch) -> dict[str, Any]:
    actor = actor_of(request)
    return {
        "actor": actor,
        "is_own": batch.created_by_id == actor.pk,
        "visible": Project.objects.visible_to(actor).order_by().values_list("pk", flat=True),
    }
