"""Form `a1`: the bytes of an entry, of its mark and of a seal that are signed. Fixed for ever; golden vectors stand in the tests.

An entry is all its columns, the content type by its name, as JSON with sorted keys, compact, UTF-8. It is made of what the database gives
back, so that MySQL, which sorts the keys of JSON, MariaDB and SQLite give the same. NULL is null and differs from "". A column that is
added later makes a form `a2` beside it; a model that is renamed must keep its former name here.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType

FORM: Final = "a1"
NOTHING: Final = "0" * 64  # stands before the first seal
# What the service knows before the row has its id.
WRITTEN: Final = (
    *("timestamp", "event", "outcome", "reason", "request_id", "scope", "actor_id", "actor_name", "actor_email"),
    *("content_type_id", "object_pk", "object_id", "object_repr", "target", "action", "changes", "changes_text"),
    *("serialized_data", "additional_data", "cid", "remote_addr", "remote_port"),
)
COLUMNS: Final = ("id", "mark", *WRITTEN)
_SEAL: Final = ("sequence", "entry_id", "form", "key_id", "digest")
Row = Mapping[str, Any]


def type_names() -> dict[int, str]:
    """Return {id: app.model} of all content types."""
    return {pk: f"{app}.{model}" for pk, app, model in ContentType.objects.values_list("id", "app_label", "model")}


def type_name(pk: int) -> str:
    """Return app.model of one, "" for none; Django keeps them in memory."""
    try:
        return ".".join(ContentType.objects.get_for_id(pk).natural_key())
    except ContentType.DoesNotExist:
        return ""


def written_bytes(row: Row, type_name: str, nonce: str) -> bytes:
    """Return what the service signs when it writes an entry; the same of the row that comes back from any database."""
    return _json({"form": FORM, "nonce": nonce, **_steady(dict(_values(row, WRITTEN, type_name)))})


def entry_bytes(row: Row, type_name: str) -> bytes:
    """Return what the sealer signs of an entry, `row` as the database gives COLUMNS."""
    return _json({"form": FORM, **dict(_values(row, COLUMNS, type_name))})


def seal_bytes(row: Row, before: str) -> bytes:
    """Return what is signed of a seal: its place, entry, key and time, the entry's digest, and the hash of the seal before."""
    return _json({**{name: row[name] for name in _SEAL}, "sealed_at": _moment(row["sealed_at"]), "before": before})


def _values(row: Row, columns: tuple[str, ...], type_name: str) -> Iterator[tuple[str, Any]]:
    for name in columns:
        value = row[name]
        if name == "content_type_id":
            yield "content_type", type_name
        else:
            yield name, _moment(value) if isinstance(value, datetime) else value


def _steady(value: Any) -> Any:
    """MySQL reads the last digit of a float, and any integer beyond 64 bits, inexactly: twelve digits are sure."""
    match value:
        case dict():
            return {key: _steady(inner) for key, inner in value.items()}
        case list():
            return [_steady(inner) for inner in value]
        case float():
            return f"{value:.12g}"
        case int() if not -(2**63) <= value < 2**63:
            return f"{float(value):.12g}"
    return value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")  # SQLite may hold half a character; it must not stop the sealer
