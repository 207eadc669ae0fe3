"""The tables of the sandbox, their numbers and their file.

As in DolphinScheduler a workflow is a main row plus a log of versions, a task likewise, and relations live in a log keyed by workflow
and version. Nothing here is unique unless a rule asks: doubled rows are how the real server breaks.
"""

import json
import os
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dolphin.sandbox.answers import Row

STAMP = "%Y-%m-%d %H:%M:%S"
EPOCH_2021_MS = 1_609_459_200_000
TABLES = (
    *("users", "tokens", "projects", "tenants", "environments", "data_sources", "resources"),
    *("schedules", "instances", "grants"),
)
KEYED_TABLES = ("definitions", "definition_log", "tasks", "task_log", "relation_log")


def now_text() -> str:
    """Return the time as DolphinScheduler prints it: UTC, whole seconds."""
    return datetime.now(UTC).strftime(STAMP)


class State:
    """All rows, under one lock. Callers hold `lock` while they read or write, never while they wait."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.users: list[Row] = []
        self.tokens: list[Row] = []
        self.projects: list[Row] = []
        self.tenants: list[Row] = []
        self.environments: list[Row] = []
        self.data_sources: list[Row] = []
        self.resources: list[Row] = []
        self.schedules: list[Row] = []
        self.instances: list[Row] = []
        self.grants: list[Row] = []
        self.definitions: dict[int, list[Row]] = defaultdict(list)
        self.definition_log: dict[int, list[Row]] = defaultdict(list)
        self.tasks: dict[int, list[Row]] = defaultdict(list)
        self.task_log: dict[int, list[Row]] = defaultdict(list)
        self.relation_log: dict[int, list[Row]] = defaultdict(list)
        self._ids: dict[str, int] = defaultdict(int)
        self._code = 0
        self.changes = 0

    def next_id(self, table: str) -> int:
        """Count up one table's ids."""
        with self.lock:
            self._ids[table] += 1
            return self._ids[table]

    def next_code(self) -> int:
        """Make a code as 3.1 does: milliseconds since 2021, shifted, never twice."""
        with self.lock:
            self._code = max(self._code + 1, (int(time.time() * 1000) - EPOCH_2021_MS) << 7)
            return self._code

    def definition(self, project: int, code: int) -> Row | None:
        """Return the main row of a workflow in this project."""
        rows = self.definitions.get(code)
        row = rows[0] if rows else None
        return row if row and row["projectCode"] == project else None

    def in_project(self, project: int) -> list[Row]:
        """Return the main rows of a project's workflows, oldest first."""
        return [row for rows in self.definitions.values() for row in rows if row["projectCode"] == project]

    def relations(self, workflow: int, version: int) -> list[Row]:
        """Return the logged relations of one version."""
        return [row for row in self.relation_log.get(workflow, []) if row["processDefinitionVersion"] == version]

    def schedules_of(self, workflow: int) -> list[Row]:
        """Return every schedule row of a workflow: there may be several."""
        return [row for row in self.schedules if row["processDefinitionCode"] == workflow]

    def save(self, path: Path) -> None:
        """Write everything to a JSON file, whole or not at all."""
        with self.lock:
            document: dict[str, Any] = {name: getattr(self, name) for name in (*TABLES, *KEYED_TABLES)}
            document |= {"ids": self._ids, "code": self._code}
            text = json.dumps(document, ensure_ascii=False)
        fresh = path.with_suffix(path.suffix + ".new")
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, path)

    def load(self, path: Path) -> None:
        """Read what `save` wrote; JSON made the keys of keyed tables text."""
        document = json.loads(path.read_text(encoding="utf-8"))
        with self.lock:
            for name in TABLES:
                setattr(self, name, document.get(name, []))
            for name in KEYED_TABLES:
                table = defaultdict(list, {int(key): rows for key, rows in document[name].items()})
                setattr(self, name, table)
            self._ids = defaultdict(int, document["ids"])
            self._code = document["code"]
