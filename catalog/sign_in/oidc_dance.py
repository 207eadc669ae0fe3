"""Away to the sign-in service and back: mozilla-django-oidc's views, whose failures are said on the sign-in page."""

import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import auth, messages
from django.contrib.auth import BACKEND_SESSION_KEY
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from catalog.pages import show
from catalog.sign_in.errors import DirectoryUnavailable, SignInRefused
from catalog.sign_in.oidc_settings import oidc_setting

WAY: Final = 600  # seconds that somebody has who is sent to the service; then the session that waits for them is gone
AGAIN: Final = 60  # seconds until somebody who is signed in is asked about again, where that failed
ENDED: Final = "oidc_id_token_expiration"  # in the session, the package's name
ALREADY: Final = _("You are signed in already, so nothing was changed. Sign out first to sign in as somebody else.")
NOT_OURS: Final = _("This sign-in was begun elsewhere, or too long ago. Please begin it again.")
DENIED: Final = _("The sign-in service did not let you in.")
OVER: Final = _("Your sign-in at the service has ended. Please sign in again.")
_OVER: Final = ("login_required", "interaction_required", "consent_required", "account_selection_required")


class Begin(OIDCAuthenticationRequestView):
    get_settings = staticmethod(oidc_setting)

    def __init__(self, **kwargs: Any) -> None:
        """Ask for addresses where a failure can be said, not here."""
        View.__init__(self, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:  # a link from elsewhere ends nobody's session
            return show(request, "catalog/signed_in.html", _("You are signed in already"))
        request.session.set_expiry(WAY)
        return _said(request, self._begin)

    def _begin(self, request: HttpRequest) -> HttpResponse:
        self.OIDC_OP_AUTH_ENDPOINT = oidc_setting("OIDC_OP_AUTHORIZATION_ENDPOINT")  # this view serves one request
        self.OIDC_RP_CLIENT_ID = oidc_setting("OIDC_RP_CLIENT_ID")
        answer: HttpResponse = super().get(request)
        return answer


class End(OIDCAuthenticationCallbackView):
    get_settings = staticmethod(oidc_setting)

    def get(self, request: HttpRequest) -> HttpResponse:
        error = request.GET.get("error")
        if request.GET.get("state") not in request.session.get("oidc_states", {}):
            return _back(request, DENIED if error else NOT_OURS)  # nobody is signed out by a link
        if request.user.is_authenticated and not request.session[BACKEND_SESSION_KEY].endswith(".ProviderBackend"):
            return _back(request, ALREADY)  # begun before they signed in otherwise
        if not (error or request.GET.get("code")):
            return _back(request, NOT_OURS)
        if error:
            messages.error(request, OVER if error in _OVER else DENIED)
        return _said(request, super().get)

    @property
    def failure_url(self) -> str:
        return _sign_in_page(self.request)


def _said(request: HttpRequest, view: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    try:
        return view(request)
    except SignInRefused as error:
        if request.user.is_authenticated:
            auth.logout(request)  # it was asked again, and says no
        return _back(request, error.text)
    except DirectoryUnavailable as error:
        if request.user.is_authenticated:
            return _go_on(request)
        return _back(request, error.text)
    except SuspiciousOperation:
        return _back(request, NOT_OURS)


def _go_on(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in stays so while the service is away: a rollback may be in hand."""
    request.session[ENDED] = time.time() + AGAIN
    return HttpResponseRedirect(request.session.get("oidc_login_next") or reverse("admin:index"))


def _back(request: HttpRequest, text: str | Promise) -> HttpResponse:
    messages.error(request, str(text))
    return HttpResponseRedirect(_sign_in_page(request))


def _sign_in_page(request: HttpRequest) -> str:
    """The package has kept no address but a safe one."""
    wanted = request.session.get("oidc_login_next")
    return f"{reverse('admin:login')}?{urlencode({'next': wanted})}" if wanted else reverse("admin:login")
