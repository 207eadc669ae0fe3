"""The signature of a webhook: HMAC-SHA256 over time and body, so that neither can be changed and an old message can be told."""

import hmac
import secrets
from typing import Final

DELIVERY: Final = "X-Snapshotter-Delivery"
EVENT: Final = "X-Snapshotter-Event"
TIMESTAMP: Final = "X-Snapshotter-Timestamp"
SIGNATURE: Final = "X-Snapshotter-Signature"
REQUEST: Final = "X-Request-ID"  # of the request whose end it tells; the signed body has it too


def new_secret() -> str:
    """Return a secret of 256 bits."""
    return f"whsec_{secrets.token_urlsafe(32)}"


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Return `v1=` and 64 hex digits over `<timestamp>.<body>`; `timestamp` in seconds since 1970."""
    return "v1=" + hmac.new(secret.encode(), b"%d." % timestamp + body, "sha256").hexdigest()
