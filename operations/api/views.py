"""Runs in the API: inventories, baselines and back-fills, listed, started, cancelled and resumed."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from operations.api.serializers import RunBody, RunDetail, RunOut
from operations.choices import RunKind
from operations.filters import RunFilter
from operations.models import OperationRun
from operations.start import start
from operations.stop import cancel, resume
from snapshotter.api.pagination import ById
from snapshotter.api.requests import actor_of, scope_of, valid


class RunsView(generics.ListAPIView[OperationRun]):
    """Runs of what the caller may see, newest first; and starting one: 202, or 200 with the open one of the same kind and scope."""

    serializer_class = RunOut
    pagination_class = ById
    filterset_class = RunFilter
    queryset = OperationRun.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[OperationRun]:
        return _runs(self.request).order_by("-id")

    @extend_schema(request=RunBody, responses={200: RunDetail, 202: RunDetail}, tags=["runs"])
    def post(self, request: Request) -> Response:
        body = valid(RunBody, request)
        scope = scope_of(request, body)
        instance = scope.get("instance") or scope["project"].instance
        kind = RunKind(body["kind"])
        run, created = start(kind, instance=instance, project=scope.get("project"), actor=actor_of(request))
        return Response(RunDetail(run).data, status=status.HTTP_202_ACCEPTED if created else status.HTTP_200_OK)


class RunView(APIView):
    """How a run stands."""

    @extend_schema(responses=RunDetail, tags=["runs"])
    def get(self, request: Request, run_id: int) -> Response:
        return Response(RunDetail(_run(request, run_id)).data)


class CancelRunView(APIView):
    """End an open run; what was done for single workflows stays."""

    @extend_schema(request=None, responses=RunDetail, tags=["runs"])
    def post(self, request: Request, run_id: int) -> Response:
        cancel(_run(request, run_id), actor=actor_of(request))
        return Response(RunDetail(_run(request, run_id)).data)


class ResumeRunView(APIView):
    """Take up a failed or cancelled run where it stopped; what failed is tried anew."""

    @extend_schema(request=None, responses=RunDetail, tags=["runs"])
    def post(self, request: Request, run_id: int) -> Response:
        resume(_run(request, run_id), actor=actor_of(request))
        return Response(RunDetail(_run(request, run_id)).data)


def _runs(request: Any) -> QuerySet[OperationRun]:
    rows = OperationRun.objects.visible_to(actor_of(request))
    return rows.select_related("instance", "project__instance", "workflow")


def _run(request: Request, run_id: int) -> OperationRun:
    run: OperationRun = get_object_or_404(_runs(request), pk=run_id)
    return run
