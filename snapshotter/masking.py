"""The keyed digest that stands for a secret: equal secrets stay recognisable, guessing one does not work without the key."""

import hmac

from django.conf import settings


def digest(secret: str) -> str:
    """Return 64 hex digits of an HMAC under the newest encryption key."""
    key: str = settings.SNAPSHOTTER["ENCRYPTION_KEYS"][0]
    return hmac.new(b"mask:" + key.encode(), secret.encode(), "sha256").hexdigest()
