"""A JSON document as a download, indented, in its own letters."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.http import content_disposition_header


def json_file(body: Any, name: str) -> HttpResponse:
    """Return the answer. The body is shown as it is: mask it first."""
    response = JsonResponse(body, safe=False, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
