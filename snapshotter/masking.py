"""The keyed digest that stands for a secret: equal secrets stay recognisable, guessing one does not work without the key."""

import hmac
from typing import Any

from django.conf import settings

from definitions.secrets import mask


def digest(secret: str) -> str:
    """Return 64 hex digits of an HMAC under the newest encryption key."""
    key: str = settings.SNAPSHOTTER["ENCRYPTION_KEYS"][0]
    return hmac.new(b"mask:" + key.encode(), secret.encode(), "sha256").hexdigest()


def masked_value(value: Any) -> Any:
    """Return the JSON value with its secrets replaced by their digests."""
    return mask(value, digest=digest)
