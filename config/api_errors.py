"""The one shape of an API error: {"code", "message", "extra", "request_id"}. Every error tree is translated here."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from audit.context import current
from catalog.errors import NotFound, ServiceError
from config import lost_database
from config.lost_database import is_lost
from definitions.errors import DefinitionError, TooLarge
from dolphin.errors import DolphinError
from snapshotter.errors import LiveBusy
from snapshotter.failures import SyncFailed

logger = logging.getLogger(__name__)

_DOLPHIN_STATUS = 502


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Translate an error for the caller; None lets Django answer 500 and log it."""
    if isinstance(error, Http404):
        error = NotFound()
    translated = _translated(error)
    if translated is None:
        return None
    set_rollback()
    http_status, code, message, extra = translated
    logger.info("refused code=%s status=%s", code, http_status)
    headers = {}
    if isinstance(error, exceptions.APIException):
        if getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
        if getattr(error, "wait", None):
            headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    if isinstance(error, LiveBusy):
        headers["Retry-After"] = str(error.retry_after)
    if is_lost(error):
        logger.error("database lost", exc_info=error)
        headers["Retry-After"] = lost_database.RETRY_AFTER
    return Response(error_body(code, message, extra), status=http_status, headers=headers)


def error_body(code: str, message: str, extra: Any = None) -> dict[str, Any]:
    return {"code": code, "message": message, "extra": extra or {}, "request_id": current().request_id}


def _translated(error: Exception) -> tuple[int, str, str, Any] | None:
    if is_lost(error):
        return lost_database.STATUS, lost_database.CODE, str(lost_database.TEXT), {}
    match error:
        case ServiceError():
            return error.status, error.code, str(error), error.extra
        case DefinitionError():
            http_status = 413 if isinstance(error, TooLarge) else 400
            return http_status, error.code, error.message, {"path": error.path} if error.path else {}
        case SyncFailed():
            return 409, error.code, error.text, {}
        case DolphinError():
            return _DOLPHIN_STATUS, error.code, str(error), {"dolphin_code": error.dolphin_code}
        case exceptions.ValidationError():
            return 400, "invalid_request", "Some fields are not valid; extra names them.", {"fields": error.detail}
        case exceptions.APIException():
            return error.status_code, _CODES.get(error.status_code, "error"), str(error.detail), {}
        case PermissionDenied():
            return 403, "not_allowed", "You may not do this here.", {}
    return None


_CODES = {
    status.HTTP_400_BAD_REQUEST: "invalid_request",
    status.HTTP_401_UNAUTHORIZED: "not_authenticated",
    status.HTTP_403_FORBIDDEN: "not_allowed",
    status.HTTP_404_NOT_FOUND: "not_found",
    status.HTTP_405_METHOD_NOT_ALLOWED: "method_not_allowed",
    status.HTTP_406_NOT_ACCEPTABLE: "not_acceptable",
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    status.HTTP_429_TOO_MANY_REQUESTS: "too_many_requests",
}
