"""Addresses of the sign-in service's dance; there are none where it is switched off. The package is optional, so imported only then."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache


@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the service. Writes nothing but the session: what its answer must bring along."""
    _require_oidc()
    from catalog.sign_in.oidc_dance import Begin  # an optional package

    answer: HttpResponse = Begin.as_view()(request)
    return answer


@never_cache
def end(request: HttpRequest) -> HttpResponse:
    """Take the service's answer."""
    _require_oidc()
    from catalog.sign_in.oidc_dance import End  # an optional package

    answer: HttpResponse = End.as_view()(request)
    return answer


def uses_oidc() -> bool:
    return "catalog.sign_in.oidc_backend.ProviderBackend" in settings.AUTHENTICATION_BACKENDS


def _require_oidc() -> None:
    if not uses_oidc():
        raise Http404
