"""Who may read metrics and the details of health: who has the token; without one in the settings, this host alone, and
behind a proxy nobody. Never a cookie."""

import hmac
import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest

_BEARER: Final = "Bearer "
# What proxies add: a request that went through one comes from elsewhere, though its last hop is this host.
_OF_PROXIES: Final = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


def may_read(request: HttpRequest) -> bool:
    return has_token(request) if settings.SNAPSHOTTER["METRICS_TOKEN"] else _is_here(request)


def has_token(request: HttpRequest) -> bool:
    """Compare in constant time, so that the answer's time tells nothing of the token. Without one in the settings nobody has it."""
    token, told = settings.SNAPSHOTTER["METRICS_TOKEN"], request.headers.get("Authorization", "")
    if not token or not told.startswith(_BEARER):
        return False
    return hmac.compare_digest(told.removeprefix(_BEARER).strip().encode(), token.encode())


def is_behind_a_proxy() -> bool:
    """Whether the settings say so: then a caller's address may be the proxy's, whatever header it adds or leaves out."""
    return settings.SNAPSHOTTER["TRUSTED_PROXIES"] > 0 or settings.SECURE_PROXY_SSL_HEADER is not None


def _is_here(request: HttpRequest) -> bool:
    if is_behind_a_proxy() or any(name in request.headers for name in _OF_PROXIES):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
