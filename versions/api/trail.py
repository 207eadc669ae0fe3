"""The audit trail in the API. GET only."""

from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers

from audit.access import may_read, require_reader
from audit.filters import TrailFilter
from audit.history import of_name
from audit.models import AuditEntry
from audit.moments import in_utc
from audit.shapes import RELATED, as_dict
from catalog.errors import NotFound
from catalog.models import Workflow
from snapshotter.api.pagination import ByKey
from versions.api.examples import ENTRY, IF_NONE_MATCH, errors, example
from versions.api.reading import Reading
from versions.slots import history_kinds


class ByMoment(ByKey):
    ordering = ("-timestamp", "-id")  # type: ignore[assignment]  # its base takes both

    def is_position(self, position: Any) -> bool:
        if position is None:
            return True
        try:
            moment = parse_datetime(position)
        except ValueError:
            return False
        return moment is not None and moment.tzinfo is not None and in_utc(moment) is not None


class EntryOut(serializers.BaseSerializer[AuditEntry]):
    """An entry as exports have it."""

    def to_representation(self, instance: AuditEntry) -> dict[str, Any]:
        return as_dict(instance, whole=self.context["view"].whole)


@extend_schema_view(
    get=extend_schema(
        tags=["audit"],
        parameters=[
            IF_NONE_MATCH,
            OpenApiParameter("workflow", str, description="Only what was done to this workflow and its versions."),
        ],
        examples=[example("entry", ENTRY)],
        responses={200: serializers.ListSerializer(child=serializers.DictField()), **errors(400, 403, 404)},
    )
)
class TrailView(Reading, generics.ListAPIView[AuditEntry]):
    """Entries of the audit trail, newest first.

    All of them for holders of `audit.view_auditentry`; others name a `workflow` that they may view, and get its history without addresses.
    """

    parameters = frozenset({"workflow"})
    serializer_class = EntryOut
    pagination_class = ByMoment
    filterset_class = TrailFilter
    queryset = AuditEntry.objects.none()  # for the schema alone

    @property
    def whole(self) -> bool:
        return may_read(self.actor)

    def get_queryset(self) -> "QuerySet[AuditEntry]":
        return self._entries().prefetch_related(*RELATED).order_by("-timestamp", "-id")

    def _entries(self) -> "QuerySet[AuditEntry]":
        key = self.request.query_params.get("workflow", "")
        if not key:
            require_reader(self.actor)
            entries: QuerySet[AuditEntry] = AuditEntry.objects.all()
            return entries
        if "\0" in key or not Workflow.objects.visible_to(self.actor).with_key(key).exists():
            raise NotFound
        return of_name(key, history_kinds)
