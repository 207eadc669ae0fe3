"""Holding a draft against what DolphinScheduler shows, in what the draft states, and naming the differences without their values."""

from dataclasses import replace
from typing import Any

from definitions.canonical import Canonical
from definitions.compare import Change, compare
from definitions.document import Document
from snapshotter.models import Snapshot
from snapshotter.store import document_of

_NAMED = 10  # changes a text names; the list has all


def differences(snapshot: Snapshot, live: Canonical, *, layout_stated: bool) -> tuple[Change, ...]:
    """Return what differs, nothing when all stated parts have equal hashes. A schedule that is not known is not stated."""
    held = [snapshot.content_hash, snapshot.label_hash]
    shown = [live.content_hash, live.label_hash]
    if layout_stated:
        held, shown = [*held, snapshot.layout_hash], [*shown, live.layout_hash]
    if snapshot.schedule_hash:
        held, shown = [*held, snapshot.schedule_hash], [*shown, live.schedule_hash]
    if held == shown:
        return ()
    return compare(_stated(snapshot, live.document, layout_stated), live.document).changes


def _stated(snapshot: Snapshot, live: Document, layout_stated: bool) -> Document:
    """Return the draft, with live's parts where it leaves them open."""
    document = document_of(snapshot)
    if not layout_stated:
        document = replace(document, layout=live.layout)
    return document if snapshot.schedule_hash else replace(document, schedule=live.schedule)


def as_json(changes: tuple[Change, ...]) -> list[dict[str, Any]]:
    """Name each change by kind, task code, task name and field; values may be long, or secret."""
    return [
        {"kind": change.kind, "task": change.task, "name": change.name, "field": change.field} for change in changes
    ]


def as_text(changes: tuple[Change, ...]) -> str:
    """Return the first ten in one line."""
    named = [" ".join(filter(None, (change.kind, change.name, change.field))) for change in changes[:_NAMED]]
    more = f" and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
    return "; ".join(named) + more
