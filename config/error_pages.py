"""Errors outside the API's views: JSON below /api/, the admin's pages elsewhere."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from config.api_errors import error_body


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """Answer any other address below /api/, whatever the method."""
    return not_found(request, Http404())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(error_body("not_found", _("There is no such address.")), status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say no more than that, and by which id the log has it."""
    if _is_api(request):
        text = _("Something went wrong here; the log has it under this request id.")
        return JsonResponse(error_body("error", text), status=500)
    return defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(error_body("invalid_request", _("The request can't be read.")), status=400)
    return defaults.bad_request(request, exception)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
