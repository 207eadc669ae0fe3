"""The sign-in service's addresses: from its discovery document, asked for once an hour, or from the settings where it has none."""

import hashlib
import logging
from dataclasses import dataclass
from typing import Any, Final

import requests
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from catalog.sign_in.errors import DirectoryUnavailable
from catalog.sign_in.few import one_of_few

logger = logging.getLogger(__name__)

KEPT: Final = 3600  # seconds
_AWAY_FOR: Final = 5  # seconds in which a service that could not be asked is not asked again
AWAY: Final = _(
    "The sign-in service does not answer, or its answer can't be verified. Try again in a while. "
    "If it stays so, an administrator finds the reason in the log."
)


@dataclass(frozen=True, slots=True)
class Provider:
    """`userinfo` and `end_session` may be "". `basic`: it takes our secret in a header alone, not in the form."""

    issuer: str
    authorization: str
    token: str
    jwks: str
    userinfo: str = ""
    end_session: str = ""
    basic: bool = False


def provider() -> Provider:
    """Return where to send people and to ask about them. Raises DirectoryUnavailable."""
    own = settings.SNAPSHOTTER
    if own["OIDC_AUTHORIZATION_ENDPOINT"]:
        return Provider(
            issuer=own["OIDC_ISSUER"],
            authorization=own["OIDC_AUTHORIZATION_ENDPOINT"],
            token=own["OIDC_TOKEN_ENDPOINT"],
            jwks=own["OIDC_JWKS_ENDPOINT"],
            userinfo=own["OIDC_USERINFO_ENDPOINT"],
        )
    key = f"sign_in.provider.{hashlib.sha256(own['OIDC_ISSUER'].encode()).hexdigest()}"
    found: Provider | None = cache.get(key)
    if found is None:
        if cache.get(f"{key}.away"):
            raise DirectoryUnavailable(AWAY)
        with one_of_few(AWAY):
            found = _discover(own["OIDC_ISSUER"], f"{key}.away")
        cache.set(key, found, KEPT)
    return found


def options() -> dict[str, Any]:
    """Return what every call to it takes: time-outs in seconds, and whose certificates are trusted."""
    own = settings.SNAPSHOTTER
    return {"timeout": own["OIDC_TIMEOUT"], "verify": own["CA_BUNDLE"] or True}


def unavailable(error: Exception) -> DirectoryUnavailable:
    """The log has the kind of the error, and its text only where it is no HTTP answer's: that may hold what was sent."""
    text = "" if isinstance(error, requests.RequestException) else f": {error}"
    logger.warning("the sign-in service can't be asked, or not believed: %s%s", type(error).__name__, text[:200])
    return DirectoryUnavailable(AWAY)


def _discover(issuer: str, away: str) -> Provider:
    try:
        answer = requests.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration", **options())  # noqa: S113  among them
        answer.raise_for_status()
        return _read(answer.json(), issuer)
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:  # HTML is a ValueError here
        cache.set(away, True, _AWAY_FOR)
        raise unavailable(error) from error


def _read(document: dict[str, Any], issuer: str) -> Provider:
    """Raises ValueError for a document of somebody else, KeyError for one that lacks an address."""
    if document["issuer"].rstrip("/") != issuer.rstrip("/"):
        raise ValueError("the discovery document is another issuer's")
    ways = document.get("token_endpoint_auth_methods_supported", ["client_secret_post"])
    return Provider(
        issuer=document["issuer"],
        authorization=document["authorization_endpoint"],
        token=document["token_endpoint"],
        jwks=document["jwks_uri"],
        userinfo=document.get("userinfo_endpoint", ""),
        end_session=document.get("end_session_endpoint", ""),
        basic="client_secret_post" not in ways,
    )
