"""What all views of the reading API share: known parameters only, and an ETag over the very bytes that are shown."""

import hashlib
from functools import partial
from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.request import Request
from rest_framework.views import APIView

from audit.actors import Actor
from catalog.errors import InvalidRequest, NotFound
from catalog.models import Workflow

_PAGES = frozenset({"cursor", "page_size"})


class Reading(APIView):
    """`parameters` are those of the query, besides a list's filters and pages."""

    parameters: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = self.parameters
        if (filters := getattr(self, "filterset_class", None)) is not None:
            known |= filters.base_filters.keys()
        if getattr(self, "pagination_class", None) is not None:
            known |= _PAGES
        _check_parameters(request, known)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        if request.method in ("GET", "HEAD") and answer.status_code == 200:
            answer["Cache-Control"] = "private, no-cache"
            if hasattr(answer, "add_post_render_callback"):
                answer.add_post_render_callback(partial(_tagged, request))
            else:
                answer = _tagged(request, answer)
        return answer

    @property
    def actor(self) -> Actor:
        """The caller; authentication is required, so it is a user."""
        return self.request.user  # type: ignore[return-value]  # never anonymous

    def workflow(self) -> Workflow:
        """Return the workflow that the address names. Raises NotFound, also where the caller may not see it."""
        rows = Workflow.objects.visible_to(self.actor).select_related("project__instance", "state__published")
        found: Workflow | None = rows.with_key(self.kwargs["key"]).first()
        if found is None:
            raise NotFound
        return found

    def flag(self, name: str) -> bool:
        """Return a parameter that is true or false, false where it is not given. Raises InvalidRequest."""
        given = self.request.query_params.get(name, "false")
        if given not in ("true", "false"):
            raise InvalidRequest(f"{name} is true or false.", field=name)
        return given == "true"


def _check_parameters(request: Request, known: frozenset[str]) -> None:
    for name, values in request.query_params.lists():
        shown = name[:50]
        if name not in known:
            raise InvalidRequest(
                f"Unknown parameter {shown}. Known ones: {', '.join(sorted(known)) or '-'}.", field=shown
            )
        if len(values) > 1:
            raise InvalidRequest(f"The parameter {shown} is given twice.", field=shown)


def _tagged(request: Request, response: Any) -> HttpResponseBase | None:
    """Set the ETag; answer 304 to one who has these bytes already."""
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request._request, etag=response["ETag"], response=response)
