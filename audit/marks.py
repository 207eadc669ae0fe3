"""The mark of an entry: the service's signature at the moment of writing, before the row has an id or a seal.

The sealer seals whatever it finds. A row that somebody puts into the table past the service has no mark, or one that does not fit.
"""

import secrets
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from audit.canonical import Row, written_bytes
from audit.keys import Key, keys


def mark_of(row: Row, type_name: str) -> str:
    """Return `nonce.key.signature` for a row that is about to be written; the nonce lets no two be alike."""
    nonce, key = secrets.token_hex(8), keys()[0]
    return f"{nonce}.{key.id}.{key.sign(written_bytes(row, type_name, nonce))}"


def is_marked(row: Mapping[str, Any], type_name: str, known: Mapping[str, Key]) -> bool:
    """Whether the service wrote the row as it stands. `known`: keys by their id."""
    nonce, _, rest = str(row["mark"] or "").partition(".")
    key_id, _, signature = rest.partition(".")
    key = known.get(key_id)
    return key is not None and compare_digest(key.sign(written_bytes(row, type_name, nonce)), signature)
