"""During an upgrade: a web process of another release than the database shows pages, but accepts nothing."""

from collections.abc import Callable
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from catalog.errors import ReleaseMismatch
from catalog.release import fits
from config.error_pages import upgrading

_READS: Final = ("GET", "HEAD", "OPTIONS", "TRACE")
_WRITE_ALL_THE_SAME: Final = ("oidc_authentication_init", "oidc_authentication_callback")  # signing in by a service
_RETRY_AFTER: Final = "30"  # seconds


class ReleaseGuardMiddleware:
    """Answer 503 to whatever might write. It stands last, so that the page is in the reader's language; the view is not reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _reads(request) or _fits():
            return self.get_response(request)
        response = upgrading(request, ReleaseMismatch())
        response["Retry-After"] = _RETRY_AFTER
        return response


def _reads(request: HttpRequest) -> bool:
    return request.method in _READS and request.path not in map(reverse, _WRITE_ALL_THE_SAME)


def _fits() -> bool:
    try:
        return fits()
    except DatabaseError:
        return True  # the view meets the same, and says so as it always does
