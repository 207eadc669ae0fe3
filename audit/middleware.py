"""Opens the request context and returns the correlation id in `X-Request-ID`."""

import ipaddress
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from audit.context import RequestContext, new_request_id, request_context, set_actor

logger = logging.getLogger(__name__)


class RequestContextMiddleware:
    """Stands first, so that what another middleware refuses carries the id too; the user is named once authentication is through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        context = RequestContext(
            request_id=new_request_id(request.headers.get("X-Request-ID", "")), address=client_address(request)
        )
        request.request_id = context.request_id  # type: ignore[attr-defined]  # for lines logged after we have returned
        with request_context(context):
            response = self.get_response(request)
        response["X-Request-ID"] = context.request_id
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Name the session's user. Every middleware's first half has run by now."""
        try:
            if request.user.is_authenticated:
                set_actor(request.user.pk, request.user.get_username())
        except DatabaseError:
            # What needs the database fails by itself; the health pages must answer without it.
            logger.warning("the session can't be read: the database does not answer")


def client_address(request: HttpRequest) -> str:
    """Return the caller's IP; X-Forwarded-For counts only as far as the configured number of own proxies wrote it."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = settings.SNAPSHOTTER["TRUSTED_PROXIES"]
    address = hops[-trusted] if 0 < trusted <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""
