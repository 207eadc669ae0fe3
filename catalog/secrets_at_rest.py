"""Tokens are kept encrypted: MultiFernet over the keys of the settings, newest first."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from catalog.errors import TokenUnreadable


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SNAPSHOTTER["ENCRYPTION_KEYS"]])


def encrypt(text: str) -> str:
    """Return the text encrypted with the newest key."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the plain text, or raise TokenUnreadable when no key of the settings fits."""
    try:
        return _keys().decrypt(token.encode()).decode()
    except (InvalidToken, ValueError) as error:  # ValueError: a key of the settings is none
        raise TokenUnreadable from error
