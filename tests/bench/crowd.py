"""The tasks of a whole fleet in DolphinScheduler's own MySQL, whose table of tasks has no index on their code: a switch scans it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import MySQLdb
from django.db import connection

from tests.services.dolphin311 import DATABASE

TASKS: Final = 20_000  # of two thousand workflows of ten
_FIRST: Final = 900_000_000_000  # no code of the bench's own is near
_SCRIPT: Final = """concat('{"rawScript":"', repeat('select 1; ', 100), '"}')"""


@contextmanager
def crowd() -> Iterator[None]:
    """Copy the first task that is there, under codes and names of their own; take the copies away afterwards."""
    _run(*_copies())
    try:
        yield
    finally:
        _run(f"DELETE FROM t_ds_task_definition WHERE code BETWEEN {_FIRST} AND {_FIRST + TASKS}")


def _copies() -> tuple[str, str, str]:
    named = {"code": f"{_FIRST} + number.n", "name": "concat('task ', number.n)", "task_params": _SCRIPT}
    columns = [name for name in _columns() if name != "id"]
    values = ", ".join(named.get(name, f"first.`{name}`") for name in columns)
    numbers = f"WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {TASKS})"
    first = "(SELECT * FROM t_ds_task_definition ORDER BY id LIMIT 1) first"
    names = ", ".join(f"`{name}`" for name in columns)
    return (
        f"SET SESSION cte_max_recursion_depth = {TASKS + 1}",
        f"INSERT INTO t_ds_task_definition ({names}) {numbers} SELECT {values} FROM number JOIN {first}",
        "ANALYZE TABLE t_ds_task_definition",
    )


def _columns() -> list[str]:
    return [str(row[0]) for row in _run("SHOW COLUMNS FROM t_ds_task_definition")]


def _run(*statements: str) -> list[tuple[object, ...]]:
    """Run them on the tests' MySQL, where DolphinScheduler has a database beside ours; return the last one's rows."""
    ours = connection.settings_dict
    opened = MySQLdb.connect(
        host=ours["HOST"],
        port=int(ours["PORT"]),
        user=ours["USER"],
        password=ours["PASSWORD"],
        database=DATABASE,
        autocommit=True,
    )
    try:
        cursor = opened.cursor()
        for statement in statements:
            cursor.execute(statement)
        return list(cursor.fetchall())
    finally:
        opened.close()
