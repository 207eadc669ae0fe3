"""Ask the sign-in service again about those who are signed in by it: SNAPSHOTTER_OIDC_RECHECK."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from mozilla_django_oidc.middleware import SessionRefresh

from catalog.release import fits
from catalog.sign_in.errors import DirectoryUnavailable
from catalog.sign_in.oidc_dance import AGAIN, ENDED
from catalog.sign_in.oidc_settings import oidc_setting


class AskAgain(SessionRefresh):
    """mozilla-django-oidc's, which reads its addresses when they are needed: at the start the service may be away."""

    get_settings = staticmethod(oidc_setting)
    OIDC_EXEMPT_URLS = ()
    OIDC_STATE_SIZE = OIDC_NONCE_SIZE = 32
    OIDC_USE_NONCE = True
    OIDC_AUTHENTICATION_CALLBACK_URL = "oidc_authentication_callback"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        MiddlewareMixin.__init__(self, get_response)

    @property
    def exempt_urls(self) -> set[str]:
        names = (self.OIDC_AUTHENTICATION_CALLBACK_URL, "oidc_authentication_init", "admin:login", "admin:logout")
        return {reverse(name) for name in names}

    @property
    def OIDC_OP_AUTHORIZATION_ENDPOINT(self) -> str:
        return str(oidc_setting("OIDC_OP_AUTHORIZATION_ENDPOINT"))

    @property
    def OIDC_RP_CLIENT_ID(self) -> str:
        return str(oidc_setting("OIDC_RP_CLIENT_ID"))

    @property
    def OIDC_RP_SCOPES(self) -> str:
        return str(oidc_setting("OIDC_RP_SCOPES"))

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Pages only, never the API. While the service is away, whoever is signed in stays so; and while releases
        differ, for the way back would be refused.
        """
        if request.path.startswith("/api/"):
            return None
        answer: HttpResponse | None
        try:
            answer = super().process_request(request)
        except DirectoryUnavailable:
            answer, later = None, True
        else:
            later = answer is not None and not fits()
        if later:
            request.session[ENDED] = time.time() + AGAIN
        return None if later else answer
