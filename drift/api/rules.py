"""Ignored fields in the API: listed, made, ended."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.errors import NotFound
from catalog.models import Project, Workflow
from drift.api.examples import RULE
from drift.api.serializers import RuleBody, RuleOut
from drift.filters import RuleFilter
from drift.models import IgnoreRule
from drift.rules.end import end_rule
from drift.rules.ignore import Field, ignore
from snapshotter.api.pagination import ById
from snapshotter.api.requests import actor_of, valid
from versions.api.examples import IF_NONE_MATCH, errors, example, refusals
from versions.api.reading import Reading

_TAGS = ["drift"]


@extend_schema_view(
    get=extend_schema(
        tags=_TAGS,
        summary="List ignored fields",
        parameters=[IF_NONE_MATCH],
        examples=[example("rule", RULE)],
        responses={200: RuleOut(many=True), **errors(400)},
    )
)
class RulesView(Reading, generics.ListAPIView[IgnoreRule]):
    """Fields that may differ, newest first, ended ones too; and making one."""

    serializer_class = RuleOut
    queryset = IgnoreRule.objects.none()  # for the schema alone
    pagination_class = ById
    filterset_class = RuleFilter

    def get_queryset(self) -> QuerySet[IgnoreRule]:
        return _rules(self.request).order_by("-id")

    @extend_schema(
        request=RuleBody, responses={201: RuleOut, **refusals(400, 403, 404)}, tags=_TAGS, summary="Ignore a field"
    )
    def post(self, request: Request) -> Response:
        body = valid(RuleBody, request)
        project, workflow = _place(request, body.pop("workflow", None), body.pop("project", 0))
        rule = ignore(project, Field(**body, workflow=workflow), actor=actor_of(request))
        return Response(RuleOut(rule).data, status=201)


class EndRuleView(APIView):
    """Let a field count again; one that was ended already is answered as it stands."""

    @extend_schema(request=None, responses={200: RuleOut, **refusals(403, 404)}, tags=_TAGS)
    def post(self, request: Request, pk: int) -> Response:
        rule = _rules(request).filter(pk=pk).first()
        if rule is None:
            raise NotFound
        end_rule(rule, actor=actor_of(request))
        rule.refresh_from_db(fields=["ended_at", "ended_by_name"])
        return Response(RuleOut(rule).data)


def _rules(request: Request) -> QuerySet[IgnoreRule]:
    return IgnoreRule.objects.visible_to(actor_of(request)).prefetch_related(
        "project__instance", "workflow__project__instance"
    )


def _place(request: Request, key: str | None, code: int) -> tuple[Project, Workflow | None]:
    actor = actor_of(request)
    if key is not None:
        workflow = Workflow.objects.visible_to(actor).select_related("project__instance").with_key(key).first()
        if workflow is None:
            raise NotFound
        return workflow.project, workflow
    project = Project.objects.visible_to(actor).select_related("instance").filter(code=code).first()
    if project is None:
        raise NotFound("No governed project has this code.", project=code)
    return project, None
