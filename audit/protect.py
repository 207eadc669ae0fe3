"""Triggers that forbid UPDATE and DELETE on the trail's tables: a step for a DBA, since stock MySQL wants SUPER for them.

Enters: a connection. Leaves: the SQL of its database, whether the triggers are there, or the triggers themselves.
"""

from typing import Any, Final

from django.db import DatabaseError, connection

TABLES: Final = ("audit_entry", "audit_seal")
ACTS: Final = ("update", "delete")
_SUPER: Final = (1419, 1227)  # MySQL: binary log without SUPER, or a privilege is missing
_DENIED: Final = (1142, 1044)  # the TRIGGER privilege is missing


class CantProtect(Exception):
    """The database refused; the text says what a DBA does."""


def names() -> list[str]:
    """Return the names of all triggers."""
    return [f"{table}_no_{act}" for table in TABLES for act in ACTS]


def statements(vendor: str) -> list[str]:
    """Return the SQL that creates them, one statement each, safe to run again. Raises CantProtect for an unknown database."""
    if vendor not in ("mysql", "sqlite"):
        raise CantProtect(f"No triggers are known for {vendor}.")
    return [
        statement for table in TABLES for act in ACTS for statement in (_drop(table, act), _create(vendor, table, act))
    ]


def removals() -> list[str]:
    """Return the SQL that takes them away, for a migration that must change rows, and for tests."""
    return [_drop(table, act) for table in TABLES for act in ACTS]


def missing() -> list[str]:
    """Return the names of those that are not there. Their owner sees them; one without the TRIGGER privilege does not."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "mysql":
        query = "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {row[0] for row in cursor.fetchall()}
    return [name for name in names() if name not in there]


def apply() -> None:
    """Create them. Raises CantProtect with the way out where the user may not."""
    try:
        with connection.cursor() as cursor:
            for statement in statements(connection.vendor):
                cursor.execute(statement)
    except DatabaseError as error:
        raise CantProtect(_explained(error)) from error


def _drop(table: str, act: str) -> str:
    return f"DROP TRIGGER IF EXISTS {table}_no_{act}"


def _create(vendor: str, table: str, act: str) -> str:
    text = f"rows of {table} are final"
    head = f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} FOR EACH ROW"
    if vendor == "sqlite":
        return f"{head} BEGIN SELECT RAISE(ABORT, '{text}'); END"
    return f"{head} SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{text}'"


def _explained(error: DatabaseError) -> str:
    number: Any = error.args[0] if error.args else 0
    if number in _SUPER:
        return (
            f"MySQL refuses with {number}: with the binary log on, triggers need SUPER (or SET GLOBAL"
            " log_bin_trust_function_creators = 1 for the moment). Give the SQL that audit_protect prints to a DBA."
        )
    if number in _DENIED:
        return f"MySQL refuses with {number}: the user lacks the TRIGGER privilege. Give the printed SQL to a DBA."
    return f"The database refuses: {error}"
