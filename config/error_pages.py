"""Errors outside the API's views: JSON below /api/, a page that says what to do elsewhere. Each names the request id."""

import sys
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from audit.context import current
from catalog.errors import ServiceError
from catalog.pages import Refused
from catalog.say import say
from config import lost_database
from config.api_errors import error_body


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """Answer any other address below /api/, whatever the method."""
    return not_found(request, Http404())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return _json(404, "not_found", _("There is no such address."))
    return _page(request, 404, _("Not found"), _("There is no such page, or none that you may see."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return _json(403, "not_allowed", _("You may not do this here."))
    general = _("You may not do this here. Somebody who manages the project can grant you a role on it.")
    text = str(exception) if isinstance(exception, Refused) else general
    return _page(request, 403, _("Not allowed"), text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from another site."""
    if _is_api(request):
        return _json(403, "not_allowed", _("The CSRF token is missing or wrong."))
    text = _(
        "The form was too old, or your browser sent no cookie. Nothing was done: go back, reload the page, send again."
    )
    return _page(request, 403, _("Please send it again"), text)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say no more than that, and by which id the log has it. Nothing may be asked of the database here.

    Django calls it while the error is being handled, so that the interpreter still knows it.
    """
    if lost_database.is_lost(sys.exception()):
        return _database_lost(request)
    text = _("Something went wrong here; the log has it under this request id.")
    return _json(500, "error", text) if _is_api(request) else _page(None, 500, _("Something went wrong"), text)


def _database_lost(request: HttpRequest) -> HttpResponse:
    """Answer 503, which callers and load balancers know as passing."""
    if _is_api(request):
        answer = _json(lost_database.STATUS, lost_database.CODE, str(lost_database.TEXT))
    else:
        text = _("The database does not answer. What was accepted stands; reload the page in a minute to see it.")
        answer = _page(None, lost_database.STATUS, _("The database does not answer"), text)
    answer["Retry-After"] = lost_database.RETRY_AFTER
    return answer


def upgrading(request: HttpRequest, error: ServiceError) -> HttpResponse:
    """This process may write nothing for now."""
    if _is_api(request):
        return _json(error.status, error.code, str(error))
    return _page(request, error.status, _("Please try again in a minute"), say(str(error)))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = _("The request can't be read, or is too large.")
    return _json(400, "invalid_request", text) if _is_api(request) else _page(None, 400, _("Bad request"), text)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _json(status: int, code: str, text: str) -> HttpResponse:
    return JsonResponse(error_body(code, text), status=status)


def _page(request: HttpRequest | None, status: int, title: str, text: str) -> HttpResponse:
    """`request` None: without anything that depends on who asks."""
    context: dict[str, Any] = {"title": title, "text": text, "request_id": current().request_id}
    if request is not None and hasattr(request, "user"):
        context = {**admin.site.each_context(request), **context}
    return HttpResponse(loader.get_template("error.html").render(context, request), status=status)
