"""Reports in the API. GET only."""

from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.errors import InvalidRequest, NotFound
from catalog.models import Instance, Project
from definitions.numbers import is_long
from operations.reports.period import parse
from operations.reports.report import report
from operations.reports.scope import Scope, scope_of
from operations.reports.words import COUNT, SECONDS, SHARE
from versions.api.examples import IF_NONE_MATCH, errors, example
from versions.api.reading import Reading

_ENDS: Final = {
    "accepted": 412,
    "succeeded": 401,
    "failed": 7,
    "unconfirmed": 1,
    "cancelled": 1,
    "open": 2,
    "success_rate": 0.9804,
}
REPORT: Final[dict[str, Any]] = {
    "period": {
        "name": "2026-Q4",
        "first_day": "2026-10-01",
        "last_day": "2026-12-31",
        "since": "2026-10-01T00:00:00+08:00",
        "until": "2027-01-01T00:00:00+08:00",
    },
    "previous_period": {
        "name": "2026-Q3",
        "first_day": "2026-07-01",
        "last_day": "2026-09-30",
        "since": "2026-07-01T00:00:00+08:00",
        "until": "2026-10-01T00:00:00+08:00",
    },
    "scope": "all projects",
    "figures": {
        "publishes_accepted": {"value": 412, "previous": 380, "unit": "count"},
        "publish_success_rate": {"value": 0.9804, "previous": 0.97, "unit": "share"},
        "restore_from_bad_median": {"value": 840.0, "previous": None, "unit": "seconds"},
    },
    "days": [{"day": "2026-10-01", **_ENDS, "rollbacks_done": 1, "drift_found": 0}],
    "projects": [{"project": 23815475530000, "name": "production/warehouse", **_ENDS, "rollbacks_done": 3}],
    "publishers": [{"publisher": "li.na", **_ENDS}],
    "other_publishers": _ENDS,
    "failures": [{"step": "write", "code": "dolphin_10105", "count": 4}],
    "rollback_categories": [{"category": "bad_publish", "count": 3}],
}


class ReportPeriodOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField(help_text="the last day that belongs to it")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(help_text="the first moment after it")


class ReportFigureOut(serializers.Serializer[Any]):
    value = serializers.FloatField(allow_null=True, help_text="null: there is nothing to take it of")
    previous = serializers.FloatField(allow_null=True, help_text="of the period before; null for figures of now")
    unit = serializers.ChoiceField(choices=[COUNT, SHARE, SECONDS], help_text="share: 0 to 1")


class ReportEndsOut(serializers.Serializer[Any]):
    accepted = serializers.IntegerField()
    succeeded = serializers.IntegerField()
    failed = serializers.IntegerField()
    unconfirmed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    open = serializers.IntegerField(help_text="drafts now")
    success_rate = serializers.FloatField(allow_null=True)


class ReportDayOut(ReportEndsOut):
    day = serializers.DateField()
    rollbacks_done = serializers.IntegerField()
    drift_found = serializers.IntegerField()


class ReportProjectOut(ReportEndsOut):
    project = serializers.IntegerField(help_text="DolphinScheduler's project code")
    name = serializers.CharField()
    rollbacks_done = serializers.IntegerField()


class ReportPublisherOut(ReportEndsOut):
    publisher = serializers.CharField()


class ReportFailureOut(serializers.Serializer[Any]):
    step = serializers.CharField()
    code = serializers.CharField()
    count = serializers.IntegerField()


class ReportCategoryOut(serializers.Serializer[Any]):
    category = serializers.CharField()
    count = serializers.IntegerField()


class ReportOut(serializers.Serializer[Any]):
    period = ReportPeriodOut()
    previous_period = ReportPeriodOut()
    scope = serializers.CharField(help_text="what is counted, in the caller's language")
    figures = serializers.DictField(child=ReportFigureOut(), help_text="by key; docs/reports.md defines each")
    days = ReportDayOut(many=True, help_text="each day, those on which nothing happened too")
    projects = ReportProjectOut(many=True)
    publishers = ReportPublisherOut(many=True, help_text="the 20 with most publishes")
    other_publishers = ReportEndsOut(help_text="all others together")
    failures = ReportFailureOut(many=True, help_text="the ten most frequent")
    rollback_categories = ReportCategoryOut(many=True)


class ReportView(Reading):
    """Figures of a period, those of the period before, and tables by day, project and publisher, over projects that the caller may view."""

    parameters = frozenset({"project", "instance"})

    @extend_schema(
        tags=["reports"],
        summary="Figures of a period",
        parameters=[
            IF_NONE_MATCH,
            OpenApiParameter(
                "period",
                str,
                OpenApiParameter.PATH,
                description="2026-Q4, 2026-11, 2026-W48, 2026-11-26, or 2026-11-01..2026-11-26; at most 400 days.",
            ),
            OpenApiParameter("project", int, description="Only this project: DolphinScheduler's project code."),
            OpenApiParameter("instance", str, description="Only the projects of this instance."),
        ],
        examples=[example("report", REPORT)],
        responses={200: ReportOut, **errors(400, 404)},
    )
    def get(self, request: Request, period: str) -> Response:
        return Response(report(parse(period), self._scope(), reader=self.actor).as_json())

    def _scope(self) -> Scope:
        """What is out of sight is unknown. Raises InvalidRequest, NotFound."""
        asked = self.request.query_params
        if "project" in asked and "instance" in asked:
            raise InvalidRequest(_("Give project or instance, not both."), field="instance")
        if "project" in asked:
            code = asked["project"]
            if not is_long(code):
                raise InvalidRequest(_("project is a DolphinScheduler project code."), field="project")
            return self._seen(Project.objects.filter(code=int(code)), "project")
        if "instance" in asked:
            return self._seen(Instance.objects.filter(name=asked["instance"]), "instance")
        return scope_of(self.actor)

    def _seen(self, rows: Any, name: str) -> Scope:
        found = rows.values_list("pk", flat=True).first()
        if found is None:
            raise NotFound
        return scope_of(self.actor, **{name: found})
