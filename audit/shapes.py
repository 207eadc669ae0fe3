"""An entry as JSON and as a line of a table: the shape of API and exports."""

import json
from datetime import UTC
from typing import Any, Final

from audit.models import AuditEntry

FIELDS: Final = (
    *("id", "sequence", "timestamp", "event", "outcome", "actor", "actor_id", "object", "object_type", "object_id"),
    *("project", "reason", "request_id", "address", "changes", "detail"),
)
RELATED: Final = ("content_type", "seal")


def as_dict(entry: AuditEntry, *, whole: bool = True) -> dict[str, Any]:
    """Return FIELDS; `sequence` is null before the seal. Without `whole` the address is left out: it is for readers of the whole trail."""
    row: Any = entry
    return {
        "id": entry.pk,
        "sequence": row.seal.sequence if hasattr(row, "seal") else None,
        "timestamp": row.timestamp.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "event": entry.event,
        "outcome": entry.outcome,
        "actor": entry.actor_name,
        "actor_id": row.actor_id,
        "object": entry.target,
        "object_type": ".".join(row.content_type.natural_key()),
        "object_id": row.object_pk,
        "project": entry.scope,
        "reason": entry.reason,
        "request_id": entry.request_id,
        "address": row.remote_addr if whole else None,
        "changes": row.changes,
        "detail": row.additional_data,
    }


def as_cells(entry: AuditEntry) -> list[str]:
    """Return FIELDS as text, JSON where it is no plain value."""
    return [_cell(value) for value in as_dict(entry).values()]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict | list) else str(value)
