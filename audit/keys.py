"""The keys that seal the trail. They live outside the database: who owns the tables alone can't make a seal."""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

_OWN = b"snapshotter audit seal"
_DERIVED = b"snapshotter audit seal from the encryption key"
_ID = b"key id"


@dataclass(frozen=True, slots=True)
class Key:
    """`id`: 16 hex digits, told by the secret and telling nothing of it."""

    id: str
    secret: bytes

    def sign(self, message: bytes) -> str:
        """Return HMAC-SHA256 as 64 hex digits."""
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()


def keys() -> list[Key]:
    """Return the keys, the sealing one first; all of them verify.

    Those of SNAPSHOTTER_AUDIT_KEYS, then one derived from each encryption key: the trail is sealed before anybody has thought of keys
    for it, and such seals can still be verified afterwards.
    """
    own = [_key(text, _OWN) for text in settings.SNAPSHOTTER["AUDIT_KEYS"]]
    return [*own, *(_key(text, _DERIVED) for text in settings.SNAPSHOTTER["ENCRYPTION_KEYS"])]


def _key(text: str, label: bytes) -> Key:
    secret = hmac.new(text.encode(), label, hashlib.sha256).digest()
    return Key(id=hmac.new(secret, _ID, hashlib.sha256).hexdigest()[:16], secret=secret)
