"""Signing out of the service, too: a link on the page that says one is signed out here.

No redirect: the form that signs out may lead nowhere else (Content-Security-Policy, form-action), and the service is shared with others.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest
from django.urls import reverse

from catalog.sign_in.errors import DirectoryUnavailable
from catalog.sign_in.provider import provider


def elsewhere(request: HttpRequest) -> str:
    """Return the address at which somebody who signed in by the service ends the session there, "" for all others.

    Call it before signing out.
    """
    if not request.session.get(BACKEND_SESSION_KEY, "").endswith(".ProviderBackend"):
        return ""
    try:
        address = provider().end_session
    except DirectoryUnavailable:
        return ""
    back = request.build_absolute_uri(reverse("admin:login"))
    query = urlencode({"client_id": settings.SNAPSHOTTER["OIDC_CLIENT_ID"], "post_logout_redirect_uri": back})
    return f"{address}?{query}" if address.startswith(("https://", "http://")) else ""
