"""What a page asks the database: the statements, the rows they really read, and what is wrong with them at any size."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

# Tables that grow with use for ever; the others are as large as the fleet.
GROWING = (
    *("workflow_definition_snapshot", "audit_entry", "workflow_sync", "workflow_sync_step", "webhook_delivery"),
    *("missed_fire", "freeze_window", "content_quarantine", "operation_item", "inventory_row", "idempotency_key"),
    *("axes_accesslog", "axes_accessfailurelog"),
)
PAGE = 200  # rows; no list shows more at once
MANY = 10_000  # rows that a plan may look at for a page
_ONE_RUN = "`operation_item`.`run_id` = "  # the items of one run are as many as the fleet has workflows
_OFFSET = re.compile(r"\bOFFSET (\d+)")
_READ = "SHOW SESSION STATUS WHERE Variable_name LIKE 'Handler_read%'"


@dataclass
class Asked:
    """Statements with their parameters, in order, and the rows read for them."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    rows: int = 0

    def faults(self) -> list[str]:
        """Return what is wrong with them by their text alone."""
        return sorted({fault for sql, _ in self.statements for fault in _faults(sql)})

    def scans(self) -> Iterator[str]:
        """Yield what the server's plans tell of many rows; rows that it throws away inside an index are not in `rows`."""
        for sql, plan in self._plans():
            yield from _scans(sql, plan)

    def _plans(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        for sql, params in self.statements:
            if sql.startswith("SELECT") and any(f"`{table}`" in sql for table in GROWING):
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN {sql}", params)
                    names = [column[0] for column in cursor.description]
                    yield sql, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def listening() -> Iterator[Asked]:
    """Write down what is asked inside. Slower than nothing: not for what is timed."""
    asked = Asked()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.statements.append((sql, params))
        return execute(sql, params, many, context)

    empty = _read_now()
    before = _read_now()
    with connection.execute_wrapper(note):
        yield asked
    asked.rows = max(0, _read_now() - before - (before - empty))


def _scans(sql: str, plan: list[dict[str, Any]]) -> Iterator[str]:
    """A scan that a LIMIT ends is told by its whole table here; how far it really went is in the rows read."""
    for step in plan:
        extra, rows = str(step["Extra"] or ""), int(str(step["rows"] or 0).split()[0])  # MariaDB: 521 (50%)
        is_sort = "filesort" in extra or "temporary" in extra
        is_scan = step["type"] in ("ALL", "index") and "LIMIT" not in sql
        if rows > MANY and (is_sort or is_scan):
            yield f"{step['table']}: {step['type']} by {step['key'] or 'no index'}, about {rows:,} rows, {extra}"


def _faults(sql: str) -> Iterator[str]:
    growing = [table for table in GROWING if f"FROM `{table}`" in sql or f"JOIN `{table}`" in sql]
    if "SELECT DISTINCT" in sql:
        yield "SELECT DISTINCT"
    if growing and "COUNT(" in sql and "LIMIT" not in sql and _ONE_RUN not in sql:
        yield f"COUNT without bound over {growing[0]}"
    if growing and any(int(number) > PAGE for number in _OFFSET.findall(sql)):
        yield f"OFFSET {_OFFSET.findall(sql)[0]} in {growing[0]}"


def _read_now() -> int:
    """The session's count of rows read so far; asking reads some itself, each time as many."""
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        return sum(int(value) for _, value in cursor.fetchall())
