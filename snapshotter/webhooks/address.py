"""Where a webhook may go: an address a superuser approved, or a host the settings list. A manager's input alone opens no connection."""

from urllib.parse import urlsplit

from django.conf import settings

from catalog.errors import InvalidRequest
from snapshotter.models import WebhookEndpoint

MAX_LENGTH = 500


def check_address(url: str) -> str:
    """Return the address, or refuse it: http or https, a host, no user, password or fragment. Raises InvalidRequest."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or len(url) > MAX_LENGTH or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise InvalidRequest(
            f"A webhook's address is http or https, plain ASCII, at most {MAX_LENGTH} long.", field="url"
        )
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidRequest("A webhook's address holds no user, password or fragment.", field="url")
    return url


def is_listed(url: str) -> bool:
    """Whether the settings list its host, by its whole name, or host:port."""
    parts = urlsplit(url)
    allowed = {host.lower() for host in settings.SNAPSHOTTER["WEBHOOK_HOSTS"]}
    return bool({parts.hostname, f"{parts.hostname}:{parts.port}"} & allowed)


def may_send(endpoint: WebhookEndpoint) -> bool:
    """Asked when something is to be told and again before each sending: a host may leave the list, an endpoint may end."""
    return endpoint.ended_at is None and (endpoint.approved_at is not None or is_listed(endpoint.url))
