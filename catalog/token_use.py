"""When a service account's token was last used: so that nobody ends one that callers still send, nor leaves one that nobody does."""

import time
from typing import Final

from django.db import transaction
from django.db.models.functions import Now
from knox.models import AuthToken

from catalog.models import TokenUse

EVERY: Final = 60.0  # seconds between two notes of one token by one process: a call must not cost a write
_noted: dict[str, float] = {}  # by this process, by its monotonic clock


def note_use(token: AuthToken, address: str) -> None:
    """Note that a call came with this token just now, from this address. At most one write in EVERY seconds."""
    now = time.monotonic()
    if now - _noted.get(token.digest, -EVERY) < EVERY:
        return
    with transaction.atomic():
        if not TokenUse.objects.filter(token=token).update(used_at=Now(), address=address or None):
            TokenUse.objects.get_or_create(token=token, defaults={"used_at": Now(), "address": address or None})
    if len(_noted) > 10_000:  # tokens that ended long ago
        _noted.clear()
    _noted[token.digest] = now


def forget() -> None:
    """Let the next use of each token be noted: for a process that has come to another database."""
    _noted.clear()
