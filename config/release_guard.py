"""During an upgrade: a web process of another release than the database shows pages, but accepts nothing."""

from collections.abc import Callable
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from catalog.errors import ReleaseMismatch
from catalog.release import fits
from config.error_pages import upgrading

_READS: Final = ("GET", "HEAD", "OPTIONS", "TRACE")
_RETRY_AFTER: Final = "30"  # seconds


class ReleaseGuardMiddleware:
    """Answer 503 to whatever might write. It stands last, so that the page is in the reader's language; the view is not reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in _READS or _fits():
            return self.get_response(request)
        response = upgrading(request, ReleaseMismatch())
        response["Retry-After"] = _RETRY_AFTER
        return response


def _fits() -> bool:
    try:
        return fits()
    except DatabaseError:
        return True  # the view meets the same, and says so as it always does
