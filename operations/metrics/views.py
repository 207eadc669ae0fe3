"""`/metrics`, for Prometheus."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from operations.metrics.access import may_read
from operations.metrics.collect import collect
from operations.metrics.text import CONTENT_TYPE

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics as text; 401 without the token, 503 where the database does not answer."""
    if not may_read(request):
        refusal = HttpResponse("metrics need the token of SNAPSHOTTER_METRICS_TOKEN\n", status=401)
        refusal["Content-Type"], refusal["WWW-Authenticate"] = "text/plain; charset=utf-8", "Bearer"
        return refusal
    try:
        return HttpResponse(collect(), content_type=CONTENT_TYPE)
    except DatabaseError as error:
        logger.warning("metrics: the database does not answer (%s)", type(error).__name__)
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain; charset=utf-8")
