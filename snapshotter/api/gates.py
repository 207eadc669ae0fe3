"""What holds publishes back, in the API: freeze windows and quarantines, listed, imposed and lifted."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from snapshotter.api.gate_serializers import FreezeBody, FreezeOut, QuarantineBody, QuarantineOut
from snapshotter.api.pagination import ById
from snapshotter.api.requests import actor_of, scope_of, valid
from snapshotter.gates.freeze import freeze
from snapshotter.gates.quarantine import quarantine
from snapshotter.gates.thaw import thaw
from snapshotter.gates.unquarantine import unquarantine
from snapshotter.models import ContentQuarantine, FreezeWindow, Snapshot


class FreezesView(generics.ListAPIView[FreezeWindow]):
    """Freeze windows over what the caller may see, newest first, lifted ones too; and imposing one."""

    serializer_class = FreezeOut
    pagination_class = ById
    queryset = FreezeWindow.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[FreezeWindow]:
        return _windows(self.request).order_by("-id")

    @extend_schema(request=FreezeBody, responses={201: FreezeOut}, tags=["gates"])
    def post(self, request: Request) -> Response:
        body = valid(FreezeBody, request)
        scope = scope_of(request, body)
        body = {name: value for name, value in body.items() if name not in FreezeBody.scopes}
        window = freeze(FreezeWindow(**body, **scope), actor=actor_of(request))
        return Response(FreezeOut(window).data, status=status.HTTP_201_CREATED)


class LiftFreezeView(APIView):
    """End a freeze window; one that was ended already is answered as it stands."""

    @extend_schema(request=None, responses=FreezeOut, tags=["gates"])
    def post(self, request: Request, pk: int) -> Response:
        window = get_object_or_404(_windows(request), pk=pk)
        thaw(window, actor=actor_of(request))
        window.refresh_from_db(fields=["ended_at", "ended_by_name"])
        return Response(FreezeOut(window).data)


class QuarantineList(generics.ListAPIView[ContentQuarantine]):
    """Contents that are kept out, newest first, lifted ones too."""

    serializer_class = QuarantineOut
    pagination_class = ById
    queryset = ContentQuarantine.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[ContentQuarantine]:
        return _quarantines(self.request).order_by("-id")


class QuarantineView(APIView):
    """Keep a version's content from being published again; where it is in quarantine already, that one is answered."""

    @extend_schema(request=QuarantineBody, responses=QuarantineOut, tags=["gates"])
    def post(self, request: Request, snapshot_id: int) -> Response:
        body = valid(QuarantineBody, request)
        snapshots = Snapshot.objects.visible_to(actor_of(request)).select_related("project__instance", "workflow")
        row = quarantine(get_object_or_404(snapshots, pk=snapshot_id), **body, actor=actor_of(request))
        return Response(QuarantineOut(row).data)


class LiftQuarantineView(APIView):
    """Let a content be published again; a quarantine that was lifted already is answered as it stands."""

    @extend_schema(request=None, responses=QuarantineOut, tags=["gates"])
    def post(self, request: Request, pk: int) -> Response:
        row = get_object_or_404(_quarantines(request), pk=pk)
        unquarantine(row, actor=actor_of(request))
        row.refresh_from_db(fields=["ended_at", "ended_by_name"])
        return Response(QuarantineOut(row).data)


# Not joined: a join makes the databases sort all rows before they take a page.
def _windows(request: Any) -> QuerySet[FreezeWindow]:
    return FreezeWindow.objects.listed_for(actor_of(request)).prefetch_related("project__instance", "instance")


def _quarantines(request: Any) -> QuerySet[ContentQuarantine]:
    return ContentQuarantine.objects.visible_to(actor_of(request)).prefetch_related("project__instance", "workflow")
