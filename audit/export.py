"""Take a filtered part of the trail along as a file, streamed: memory stays the same however long it is."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db.models import Q, QuerySet

from audit.access import require_reader, trail
from audit.actors import Actor
from audit.models import AuditEntry
from audit.record import record
from audit.shapes import FIELDS, RELATED, as_cells, as_dict

_BATCH: Final = 1_000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so


def export(rows: "QuerySet[AuditEntry]", *, form: str, filters: dict[str, str], actor: Actor) -> Iterator[str]:
    """Return the lines of a file, `form` csv or jsonl, newest entry first; that it was taken is an entry. Raises PermissionDenied."""
    require_reader(actor)
    record("audit.exported", actor=actor, target=trail(), detail={"form": form, "filters": filters})
    return FORMS[form](rows)


def _csv(rows: "QuerySet[AuditEntry]") -> Iterator[str]:
    yield "\ufeff" + _line(list(FIELDS))  # the mark tells a spreadsheet that it is UTF-8
    for batch in _batches(rows):
        yield "".join(_line([_safe(cell) for cell in as_cells(entry)]) for entry in batch)


def _json_lines(rows: "QuerySet[AuditEntry]") -> Iterator[str]:
    for batch in _batches(rows):
        yield "".join(json.dumps(as_dict(entry), ensure_ascii=False) + "\n" for entry in batch)


FORMS: Final[dict[str, Callable[["QuerySet[AuditEntry]"], Iterator[str]]]] = {"csv": _csv, "jsonl": _json_lines}


def _batches(rows: "QuerySet[AuditEntry]") -> Iterator[list[AuditEntry]]:
    """Yield the rows in the list's order; each batch begins where the one before ended."""
    ordered = rows.order_by("-timestamp", "-id").prefetch_related(*RELATED)
    batch = list(ordered[:_BATCH])
    while batch:
        yield batch
        last: Any = batch[-1]
        beyond = Q(timestamp__lte=last.timestamp) & (Q(timestamp__lt=last.timestamp) | Q(id__lt=last.pk))
        batch = list(ordered.filter(beyond)[:_BATCH])


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
