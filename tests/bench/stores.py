"""Databases beside the default one: made, cloned, and put in its place for a while, so that sizes are measured in turns.

Enters: an address as in DATABASE_URL. Leaves: connections of Django under the name "default", one a database.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import environ
from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend

_INDEX = re.compile(r"\s+(UNIQUE )?KEY |\s+CONSTRAINT .* FOREIGN KEY ")


class Store:
    """One database. `name` must be one the tests' user may create: it begins with snapshotter or test_."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        parsed = environ.Env.db_url_config(url)
        settings = {**connections.settings["default"], **parsed, "CONN_HEALTH_CHECKS": False, "CONN_MAX_AGE": None}
        settings["OPTIONS"] = connections.settings["default"]["OPTIONS"]  # the address has none of its own
        backend: Any = load_backend(settings["ENGINE"])
        self.server = backend.DatabaseWrapper({**settings, "NAME": ""}, "default")
        self.connection = backend.DatabaseWrapper({**settings, "NAME": name}, "default")

    @property
    def server_name(self) -> str:
        return "MariaDB" if self.connection.mysql_is_mariadb else "MySQL"

    def create(self) -> Self:
        """Make it empty; an interrupted run may have left one."""
        self.drop()
        self._on_server(f"CREATE DATABASE `{self.name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        return self

    def exists(self) -> bool:
        with self.server.cursor() as cursor:
            cursor.execute("SHOW DATABASES")
            return (self.name,) in cursor.fetchall()

    def migrate(self) -> Self:
        with self.used():
            call_command("migrate", verbosity=0)
        return self

    def drop(self) -> None:
        self.connection.close()
        self._on_server(f"DROP DATABASE IF EXISTS `{self.name}`")

    @contextmanager
    def used(self) -> Iterator[None]:
        """Everything that asks Django for its database gets this one."""
        former = connections["default"]
        connections["default"] = self.connection
        try:
            yield
        finally:
            connections["default"] = former

    def execute(self, sql: str) -> int:
        """Run one statement and return the number of rows it touched. No placeholders: `%` stands for itself."""
        with self.connection.cursor() as cursor:
            return int(cursor.execute(sql) or 0)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def tables(self) -> list[str]:
        return [next(iter(row.values())) for row in self.rows("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'")]

    def copy_tables(self, source: "Store") -> Self:
        """Make all tables of a database on the same server, indexes and foreign keys as they are there, without rows."""
        self.execute("SET foreign_key_checks = 0")
        for table in source.tables():
            self.execute(source.rows(f"SHOW CREATE TABLE `{table}`")[0]["Create Table"])
        self.execute("SET foreign_key_checks = 1")
        return self

    @contextmanager
    def without_indexes(self, tables: Iterable[str]) -> Iterator[None]:
        """Take secondary indexes and foreign keys away for a load, and make the same ones anew in one go: ten times faster."""
        kept = {table: self._parts(table) for table in tables}
        self.execute("SET foreign_key_checks = 0")
        for table, parts in kept.items():
            names = [(part.split("`")[1], "FOREIGN KEY" if "FOREIGN KEY" in part else "INDEX") for part in parts]
            for kind in ("FOREIGN KEY", "INDEX"):
                self._alter(table, [f"DROP {kind} `{name}`" for name, of in names if of == kind])
        yield
        for table, parts in kept.items():
            self._alter(table, [f"ADD {part}" for part in parts])
        self.execute("SET foreign_key_checks = 1")

    def _parts(self, table: str) -> list[str]:
        lines = self.rows(f"SHOW CREATE TABLE `{table}`")[0]["Create Table"].splitlines()
        return [line.strip().rstrip(",") for line in lines if _INDEX.match(line)]

    def _alter(self, table: str, changes: list[str]) -> None:
        if changes:
            self.execute(f"ALTER TABLE `{table}` {', '.join(changes)}")

    def _on_server(self, sql: str) -> None:
        with self.server.cursor() as cursor:
            cursor.execute(sql)
        self.server.close()
