"""Entries of the trail as a page shows them: the event in words, the object with its address, what changed field by field."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from audit.findings import Kind
from audit.models import AuditEntry
from audit.status import faults
from versions.slots import trail_addresses
from versions.trail_words import event_in_words

LONG: Final = 2_000  # characters of a value that a list shows
# What auditlog writes of a new object: relations of others to it, and columns that were empty before.
_NO_VALUE: Final = re.compile(r"(?:\w+\.\w+\.)?None\Z")
# One event for three acts of a person in the admin.
_BY_HAND: Final = {AuditEntry.Action.CREATE: "object.added", AuditEntry.Action.DELETE: "object.deleted"}


@dataclass(frozen=True, slots=True)
class TrailRow:
    """`changes` are (field, before, after); `detail` is JSON, "" for none; `address` of the object, "" for none.

    `fault`: what the last verification found wrong with it, in words, "" for nothing.
    """

    entry: AuditEntry
    words: str
    address: str
    changes: list[tuple[str, str, str]]
    detail: str
    fault: str | Promise = ""

    @property
    def has_more(self) -> bool:
        return bool(self.changes or self.detail)


def rows_of(entries: Iterable[AuditEntry], *, whole: bool = False) -> list[TrailRow]:
    """Return them as rows; long values are cut unless the `whole` is wanted."""
    shown: list[Any] = list(entries)
    found = faults(entry.pk for entry in shown)
    return [_row(entry, 0 if whole else LONG, found.get(entry.pk, "")) for entry in shown]


def _row(entry: AuditEntry, most: int, fault: str) -> TrailRow:
    row: Any = entry
    detail = json.dumps(row.additional_data, ensure_ascii=False, indent=2) if row.additional_data else ""
    return TrailRow(
        entry=entry,
        words=event_in_words(_BY_HAND.get(row.action, entry.event) if entry.event == "object.changed" else entry.event),
        address=_address(entry),
        changes=[(name, _cut(before, most), _cut(after, most)) for name, before, after in _changes(row.changes)],
        detail=_cut(detail, most),
        fault=Kind(fault).label if fault else "",
    )


def _changes(changes: Any) -> Iterator[tuple[str, str, str]]:
    """Yield (field, before, after); of a relation to many, what was added or taken away stands as one text."""
    for name, value in changes.items() if isinstance(changes, dict) else ():
        match value:
            case [before, after]:
                former, later = ("" if _NO_VALUE.match(str(side)) else str(side) for side in (before, after))
                if former or later:
                    yield name, former, later
            case {"operation": operation, "objects": objects}:
                yield name, "", f"{operation}: {objects}"
            case _:
                yield name, "", str(value)


def _cut(text: str, most: int) -> str:
    return f"{text[:most]}…" if most and len(text) > most else text


def _address(entry: AuditEntry) -> str:
    row: Any = entry
    find = _ADDRESSES.get(kind := ".".join(row.content_type.natural_key())) or trail_addresses.get(kind)
    try:
        return find(entry) if find else ""
    except NoReverseMatch:  # a name that no address can hold
        return ""


def _of_workflow(entry: AuditEntry) -> str:
    return reverse("versions:workflow", args=[entry.target])


def _of_snapshot(entry: AuditEntry) -> str:
    key, _, version = entry.target.rpartition(" v")
    return reverse("versions:version", args=[key, int(version)]) if key and version.isdigit() else ""


def _of_sync(entry: AuditEntry) -> str:
    row: Any = entry
    return reverse("versions:sync", args=[row.object_pk])


def _of_project(entry: AuditEntry) -> str:
    row: Any = entry
    return reverse("versions:project-history", args=[row.object_pk])


_ADDRESSES: Final = {
    "catalog.workflow": _of_workflow,
    "snapshotter.snapshot": _of_snapshot,
    "snapshotter.sync": _of_sync,
    "catalog.project": _of_project,
}
