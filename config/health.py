"""Is it up: `/healthz` for the process, `/readyz` for what it needs, and what is wrong."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from operations.health import OK, UNAVAILABLE, Look, latest, overall
from operations.metrics.access import has_token
from operations.metrics.upkeep import VERSION


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say which part is wrong; 503 where no publish could be accepted. Details for the metrics' token and for superusers alone."""
    looks = latest()
    status = overall(looks)
    body: dict[str, Any] = {"status": status}
    if _may_see_details(request, looks):
        body |= {"version": VERSION, "parts": {name: _detail(look) for name, look in looks.items()}}
    else:
        body |= {name: look.text for name, look in looks.items() if look.state != OK}
    return JsonResponse(body, status=503 if status == UNAVAILABLE else 200)


def _detail(look: Look) -> dict[str, Any]:
    return {"state": look.state, "text": look.text, **look.detail}


def _may_see_details(request: HttpRequest, looks: dict[str, Look]) -> bool:
    if has_token(request):
        return True
    try:
        return looks["database"].state == OK and request.user.is_active and request.user.is_superuser
    except DatabaseError:
        return False
