"""Rollbacks in the API: asked for, listed, decided on, executed, reviewed."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.errors import NotFound, ServiceError
from catalog.models import Workflow
from rollback.api import serializers as shapes
from rollback.api.examples import ROLLBACK
from rollback.api.filters import RollbackFilter
from rollback.approve import approve
from rollback.cancel import cancel
from rollback.choices import Act, Category, State, Verdict
from rollback.choices_of import Choices
from rollback.execute import break_glass, execute
from rollback.models import RollbackRequest
from rollback.one_look import OneLook
from rollback.reject import reject
from rollback.review import review
from rollback.submit import Ask, submit
from snapshotter.api.pagination import ById
from snapshotter.api.requests import WAIT, actor_of, answer, valid, wait_of
from snapshotter.publish import Accepted
from versions.api.examples import IF_NONE_MATCH, errors, example, refusals
from versions.api.reading import Reading
from versions.comparison import snapshot_named

_TAGS = ["rollbacks"]
_RELATED = ("workflow__project__instance", "project__instance", "target__workflow", "base", "sync__snapshot")
_LISTED = ("workflow", "project", "target", "base", "sync__snapshot", "approvals")


class AskView(APIView):
    """Ask for a rollback: DolphinScheduler is read, and the request bound to what was seen. Nothing is written there.

    Findings that need it are agreed to by name under `acknowledge`; 409 `not_acknowledged` lists them. With `execute` the request is
    executed at once, where no approval is missing: then as for a publish, `?wait=` holds until the end. Where approvals are missing it is
    201 and `pending`; where executing is refused, the request stands all the same, and `extra.request` is its number.
    """

    @extend_schema(
        request=shapes.RollbackBody,
        responses={201: shapes.RollbackDetail, 202: shapes.RollbackDetail, **refusals(400, 403, 404, 409)},
        parameters=[WAIT],
        tags=_TAGS,
    )
    def post(self, request: Request, key: str) -> Response:
        body, wait = valid(shapes.RollbackBody, request), wait_of(request)
        actor = actor_of(request)
        rows = Workflow.objects.visible_to(actor).select_related("project__instance", "state__published")
        workflow = rows.with_key(key).first()
        if workflow is None:
            raise NotFound
        look = OneLook(workflow)
        made = submit(
            Ask(
                workflow=workflow,
                target=snapshot_named(workflow, str(body["version"])),
                base=body.get("base"),
                act=Act(body["act"]),
                reason=body["reason"],
                category=Category(body["category"]),
                ticket=body["ticket"],
                choices=Choices.from_json(body),
                wait_for_runs=body["wait_for_runs"],
                acknowledged=tuple(body["acknowledge"]),
                override_freeze=body["override_freeze"].strip(),
            ),
            actor=actor,
            look=look,
        )
        if not body["execute"] or made.state == State.PENDING:
            return Response(shapes.RollbackDetail(_again(made)).data, status=status.HTTP_201_CREATED)
        try:
            sync = execute(_again(made), actor=actor, look=look)
        except ServiceError as error:
            error.extra["request"] = made.pk
            raise
        held = answer(Accepted(workflow=workflow, sync=sync), wait)
        return Response(shapes.RollbackDetail(_again(made)).data, status=held.status_code)


@extend_schema_view(
    get=extend_schema(
        tags=_TAGS,
        parameters=[IF_NONE_MATCH],
        examples=[example("rollback", ROLLBACK)],
        responses={200: shapes.RollbackOut(many=True), **errors(400)},
    )
)
class RollbackList(Reading, generics.ListAPIView[RollbackRequest]):
    """Rollbacks that the caller may see, newest first."""

    serializer_class = shapes.RollbackOut
    queryset = RollbackRequest.objects.none()  # for the schema alone
    pagination_class = ById
    filterset_class = RollbackFilter

    def get_queryset(self) -> QuerySet[RollbackRequest]:
        # Not joined: a join makes the databases sort all rows before they take a page.
        return RollbackRequest.objects.listed_for(self.actor).prefetch_related(*_LISTED).order_by("-id")


class RollbackView(Reading):
    """One rollback, with its decisions, findings and what it is bound to."""

    @extend_schema(
        tags=_TAGS,
        parameters=[IF_NONE_MATCH],
        examples=[example("rollback", ROLLBACK)],
        responses={200: shapes.RollbackDetail, **errors(400, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(shapes.RollbackDetail(_visible(request, pk)).data)


class _Act(APIView):
    """A person's act on one rollback; subclasses say which."""

    body: ClassVar[type[serializers.Serializer[Any]]]

    def act(self, rollback: RollbackRequest, request: Request, body: dict[str, Any]) -> None:
        raise NotImplementedError

    def post(self, request: Request, pk: int) -> Response:
        body = valid(self.body, request)
        rollback = _visible(request, pk)
        self.act(rollback, request, body)
        return Response(shapes.RollbackDetail(_again(rollback)).data)


def _schema(body: type[Any]) -> Any:
    answers = {200: shapes.RollbackDetail, **refusals(400, 403, 404, 409)}
    return extend_schema_view(post=extend_schema(request=body, responses=answers, tags=_TAGS))


@_schema(shapes.ApproveBody)
class ApproveView(_Act):
    """Approve somebody else's request."""

    body = shapes.ApproveBody

    def act(self, rollback: RollbackRequest, request: Request, body: dict[str, Any]) -> None:
        approve(rollback, actor=actor_of(request), **body)


@_schema(shapes.RejectBody)
class RejectView(_Act):
    """Reject somebody else's request, with a comment."""

    body = shapes.RejectBody

    def act(self, rollback: RollbackRequest, request: Request, body: dict[str, Any]) -> None:
        reject(rollback, actor=actor_of(request), **body)


@_schema(shapes.CancelBody)
class CancelView(_Act):
    """Take a request back before it is executed, or close a failed one."""

    body = shapes.CancelBody

    def act(self, rollback: RollbackRequest, request: Request, body: dict[str, Any]) -> None:
        cancel(rollback, actor=actor_of(request), **body)


@_schema(shapes.ReviewBody)
class ReviewView(_Act):
    """Review what was done by breaking the glass."""

    body = shapes.ReviewBody

    def act(self, rollback: RollbackRequest, request: Request, body: dict[str, Any]) -> None:
        review(rollback, actor=actor_of(request), verdict=Verdict(body["verdict"]), text=body["text"])


class ExecuteView(APIView):
    """Execute an approved rollback, or one that failed, again. 202 while it goes on; `?wait=` holds until the end."""

    @extend_schema(
        request=shapes.ExecuteBody,
        responses={200: shapes.RollbackDetail, 202: shapes.RollbackDetail, **refusals(400, 403, 404, 409)},
        parameters=[WAIT],
        tags=_TAGS,
    )
    def post(self, request: Request, pk: int) -> Response:
        body, wait = valid(shapes.ExecuteBody, request), wait_of(request)
        rollback, actor = _visible(request, pk), actor_of(request)
        glass = body["break_glass"]
        sync = break_glass(rollback, actor=actor, reason=body["reason"]) if glass else execute(rollback, actor=actor)
        held = answer(Accepted(workflow=rollback.workflow, sync=sync), wait)
        return Response(shapes.RollbackDetail(_again(rollback)).data, status=held.status_code)


def _visible(request: Request, pk: int) -> RollbackRequest:
    rows = RollbackRequest.objects.visible_to(actor_of(request)).select_related(*_RELATED)
    found: RollbackRequest | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _again(rollback: RollbackRequest) -> RollbackRequest:
    return RollbackRequest.objects.select_related(*_RELATED).get(pk=rollback.pk)
