"""Drift in the API: listed, shown with what differs, and its ways out."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.errors import NotFound
from drift.acknowledge import acknowledge
from drift.adopt import adopt
from drift.api import serializers as shapes
from drift.api.examples import DETAIL, DRIFT
from drift.assign import assign
from drift.filters import DriftFilter
from drift.models import DriftItem
from drift.mute import mute
from drift.put_back import Order, put_back
from drift.rules.ignore import Field, ignore
from drift.unmute import unmute
from rollback.api.serializers import RollbackDetail
from rollback.choices import Category
from rollback.models import RollbackRequest
from snapshotter.api.pagination import ById
from snapshotter.api.requests import WAIT, actor_of, answer, valid, wait_of
from snapshotter.api.serializers import AcceptedOut
from snapshotter.publish import Accepted
from versions.api.examples import IF_NONE_MATCH, errors, example, refusals
from versions.api.reading import Reading

_TAGS = ["drift"]
_RELATED = (
    *("workflow__project__instance", "workflow__state__published", "project__instance"),
    *("published", "assignee", "sync"),
)
_ROLLBACK = ("workflow__project__instance", "project__instance", "target__workflow", "base", "sync__snapshot")


@extend_schema_view(
    get=extend_schema(
        tags=_TAGS,
        summary="List drift",
        parameters=[IF_NONE_MATCH],
        examples=[example("drift", DRIFT)],
        responses={200: shapes.DriftOut(many=True), **errors(400)},
    )
)
class DriftList(Reading, generics.ListAPIView[DriftItem]):
    """Workflows that were found otherwise than they were published, newest first; closed ones too."""

    serializer_class = shapes.DriftOut
    queryset = DriftItem.objects.none()  # for the schema alone
    pagination_class = ById
    filterset_class = DriftFilter

    def get_queryset(self) -> QuerySet[DriftItem]:
        # Not joined: a join makes the databases sort all rows before they take a page.
        rows = DriftItem.objects.listed_for(self.actor)
        return rows.prefetch_related("workflow", "project", "published", "assignee").order_by("-id")


class DriftView(Reading):
    """One drift, with what differs as sentences and both sides' evidence."""

    @extend_schema(
        tags=_TAGS,
        summary="Show one drift",
        parameters=[IF_NONE_MATCH],
        examples=[example("drift", DETAIL)],
        responses={200: shapes.DriftDetail, **errors(400, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        return _shown(request, pk)


class _Act(APIView):
    """A person's act on one drift, answered by the drift as it stands then; subclasses say which."""

    body: ClassVar[type[serializers.Serializer[Any]]] = shapes.SaidBody

    def act(self, item: DriftItem, request: Request, body: dict[str, Any]) -> None:
        raise NotImplementedError

    def post(self, request: Request, pk: int) -> Response:
        body = valid(self.body, request)
        self.act(_visible(request, pk), request, body)
        return _shown(request, pk)


def _schema(body: type[Any]) -> Any:
    answers = {200: shapes.DriftDetail, **refusals(400, 403, 404, 409)}
    return extend_schema_view(post=extend_schema(request=body, responses=answers, tags=_TAGS))


@_schema(shapes.SaidBody)
class AcknowledgeView(_Act):
    """Say that it is seen."""

    def act(self, item: DriftItem, request: Request, body: dict[str, Any]) -> None:
        acknowledge(item, actor=actor_of(request), reason=body["reason"])


@_schema(shapes.AssignBody)
class AssignView(_Act):
    """Give it to somebody who may see the project."""

    body = shapes.AssignBody

    def act(self, item: DriftItem, request: Request, body: dict[str, Any]) -> None:
        assign(item, name=body["to"] or "", actor=actor_of(request))


@_schema(shapes.MuteBody)
class MuteView(_Act):
    """Be silent about it for a while."""

    body = shapes.MuteBody

    def act(self, item: DriftItem, request: Request, body: dict[str, Any]) -> None:
        mute(item, until=body["until"], reason=body["reason"], actor=actor_of(request))


@_schema(shapes.SaidBody)
class UnmuteView(_Act):
    """Hear of it again."""

    def act(self, item: DriftItem, request: Request, body: dict[str, Any]) -> None:
        unmute(item, actor=actor_of(request), reason=body["reason"])


@_schema(shapes.IgnoreBody)
class IgnoreView(_Act):
    """Let a field differ, in its workflow or in all of the project."""

    body = shapes.IgnoreBody

    def act(self, item: DriftItem, request: Request, body: dict[str, Any]) -> None:
        workflow = None if body.pop("whole_project") else item.workflow
        ignore(item.project, Field(**body, workflow=workflow), actor=actor_of(request))


class AdoptView(APIView):
    """Make what DolphinScheduler holds the published version: a capture, whose success closes the drift."""

    @extend_schema(
        request=shapes.AdoptBody,
        responses={200: AcceptedOut, 202: AcceptedOut, **refusals(400, 403, 404, 409)},
        parameters=[WAIT],
        tags=_TAGS,
    )
    def post(self, request: Request, pk: int) -> Response:
        body, wait = valid(shapes.AdoptBody, request), wait_of(request)
        item = _visible(request, pk)
        sync = adopt(item, actor=actor_of(request), **body)
        return answer(Accepted(workflow=item.workflow, sync=sync), wait)


class DriftPutBackView(APIView):
    """Bring the published version back: a request as for a rollback, executed at once where nobody must approve.

    Then as for a publish, `?wait=` holds until the end. Where approvals are missing it is 201 and `pending`.
    """

    @extend_schema(
        request=shapes.DriftPutBackBody,
        responses={
            **dict.fromkeys((200, 201, 202), RollbackDetail),
            **refusals(400, 403, 404, 409),
        },
        parameters=[WAIT],
        tags=_TAGS,
    )
    def post(self, request: Request, pk: int) -> Response:
        body, wait = valid(shapes.DriftPutBackBody, request), wait_of(request)
        item = _visible(request, pk)
        body |= {"category": Category(body["category"]), "acknowledged": tuple(body.pop("acknowledge"))}
        asked = put_back(item, Order(**body), actor=actor_of(request))
        status = 201
        if asked.sync is not None:
            status = answer(Accepted(workflow=item.workflow, sync=asked.sync), wait).status_code
        made = RollbackRequest.objects.select_related(*_ROLLBACK).get(pk=asked.pk)
        return Response(RollbackDetail(made).data, status=status)


def _visible(request: Request, pk: int) -> DriftItem:
    found: DriftItem | None = (
        DriftItem.objects.visible_to(actor_of(request)).select_related(*_RELATED).filter(pk=pk).first()
    )
    if found is None:
        raise NotFound
    return found


def _shown(request: Request, pk: int) -> Response:
    context = {"reader": actor_of(request)}
    return Response(shapes.DriftDetail(_visible(request, pk), context=context).data)
