"""The settings by the names mozilla-django-oidc asks for."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from mozilla_django_oidc.utils import import_from_settings

from catalog.sign_in.provider import options, provider


def oidc_setting(name: str, *default: Any) -> Any:
    """Return a setting. What is none of ours has the package's default; an unsigned token is never taken."""
    own = settings.SNAPSHOTTER
    match name:
        case "OIDC_OP_AUTHORIZATION_ENDPOINT":
            return provider().authorization
        case "OIDC_TOKEN_USE_BASIC_AUTH":
            return provider().basic
        case "LOGIN_REDIRECT_URL":
            return reverse("admin:index")
    ours = {
        "OIDC_RP_CLIENT_ID": own["OIDC_CLIENT_ID"],
        "OIDC_RP_SCOPES": own["OIDC_SCOPES"],
        "OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS": own["OIDC_RECHECK"],
        "OIDC_USE_PKCE": True,
        "OIDC_TIMEOUT": options()["timeout"],
        "OIDC_VERIFY_SSL": options()["verify"],
        "OIDC_ALLOW_UNSECURED_JWT": False,
    }
    return ours[name] if name in ours else import_from_settings(name, *default)
