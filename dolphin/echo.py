"""DolphinScheduler's words without secrets: its errors quote what was sent, now and then with what should stay hidden."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from definitions.secrets import HIDDEN, collect, mask_text

MAX_CHARACTERS: Final = 500
_SHORTEST: Final = 4  # a shorter one would blot out ordinary words


def readable(message: str, *, token: str, form: Mapping[str, str | int]) -> str:
    """Return the message without the token, without secrets of the form that was sent, and without what looks like one."""
    for secret in sorted({token, *_secrets(form.values())}, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            message = message.replace(secret, HIDDEN)
    return mask_text(message)[:MAX_CHARACTERS]


def _secrets(values: Iterable[str | int]) -> Iterable[str]:
    known: dict[str, str] = {}
    for value in values:
        known |= collect(_parsed(value), digest=_digest)
    return known.values()


def _parsed(value: Any) -> Any:
    """Forms carry JSON as text, and inside it JSON as text again."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _parsed(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, list):
        return [_parsed(item) for item in value]
    if isinstance(value, dict):
        return {key: _parsed(item) for key, item in value.items()}
    return value


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
