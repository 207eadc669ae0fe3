"""How many tables a live definition reads and writes: what was derived for its content before, else read on the spot."""

from typing import Final

from definitions.canonical import Canonical
from definitions.lineage.lineage import Lineage, lineage_of, size_of
from operations.models import InventoryRow
from snapshotter.models import ContentLineage

READ_HERE: Final = 500_000  # characters: about two seconds; what is larger waits for a version and its worker


def count_tables(row: InventoryRow, canonical: Canonical) -> None:
    """Fill the row's counts; they stay null where the definition is too large. One query."""
    known = ContentLineage.objects.of([canonical.content_hash]).exclude(body=None).last()
    if known is not None and known.body is not None:
        row.tables_read, row.tables_written = known.body.reads, known.body.writes
        row.tasks_unknown = known.body.unknown_tasks
    elif size_of(canonical.document) <= READ_HERE:
        _fill(row, lineage_of(canonical.document))


def _fill(row: InventoryRow, lineage: Lineage) -> None:
    row.tables_read, row.tables_written = len(lineage.reads), len(lineage.writes)
    row.tasks_unknown = lineage.unknown_tasks
