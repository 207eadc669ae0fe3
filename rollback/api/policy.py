"""A project's rules of approval in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.errors import NotFound
from catalog.models import Project
from rollback.api.serializers import PolicyBody, PolicyOut
from rollback.policy import policy_of
from rollback.set_policy import set_policy
from snapshotter.api.requests import actor_of, valid
from versions.api.examples import IF_NONE_MATCH, errors, refusals
from versions.api.reading import Reading

_TAGS = ["rollbacks"]


class PolicyView(Reading):
    """How many approve a rollback in the project, who, for how long, and what passes by itself."""

    @extend_schema(tags=_TAGS, parameters=[IF_NONE_MATCH], responses={200: PolicyOut, **errors(404)})
    def get(self, request: Request, code: int) -> Response:
        return Response(PolicyOut(policy_of(_project(request, code))).data)

    @extend_schema(tags=_TAGS, request=PolicyBody, responses={200: PolicyOut, **refusals(400, 403, 404)})
    def patch(self, request: Request, code: int) -> Response:
        asked = valid(PolicyBody, request)
        reason = asked.pop("reason", "")
        policy = set_policy(_project(request, code), asked, actor=actor_of(request), reason=reason)
        return Response(PolicyOut(policy).data)


def _project(request: Request, code: int) -> Project:
    found: Project | None = (
        Project.objects.visible_to(actor_of(request)).select_related("instance").filter(code=code).first()
    )
    if found is None:
        raise NotFound
    return found
