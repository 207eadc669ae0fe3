"""What lineage is made of: tables, other workflows, and what is not known. Pure.

The JSON form is what is stored; its bytes are canonical, and the digest is taken over them.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, Self

from sqlglot._version import __version__ as _SQLGLOT

from definitions.document import Json
from definitions.strict_json import dumps

RULES: Final = 2  # of our own; raise it with every change that reads a definition otherwise
VERSION: Final = f"{RULES}/sqlglot-{_SQLGLOT}"
NAME_CHARACTERS: Final = 300


class Why(StrEnum):
    """Why something is not known. The words for people stand in `versions.lineage.words`."""

    CODE = "code"  # the task's own code is not read
    DIALECT = "dialect"  # SQL of a database that is not known here
    NOT_PARSED = "not_parsed"
    STATEMENT = "statement"  # a statement whose effect is not known, such as CALL
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    NAME_IS_PARAMETER = "name_is_parameter"
    NAME_TOO_LONG = "name_too_long"
    TABLE_FUNCTION = "table_function"
    TARGET = "target"  # which table a statement changes
    SHELL_EXPANSION = "shell_expansion"
    SHELL_VARIABLE = "shell_variable"
    SCRIPT_FILE = "script_file"
    PIPE = "pipe"
    PROGRAM = "program"
    PLUGIN = "plugin"
    NOT_JSON = "not_json"
    SHAPE = "shape"  # parameters of an unexpected shape


@dataclass(frozen=True, slots=True, order=True)
class Table:
    """`system` tells kinds of database apart ("hive"; "mysql#3" with the data source a bare name belongs to; "path" for files).

    `name` is catalog.schema.table as far as it is stated, in the dialect's own case. It may hold DolphinScheduler's placeholders.
    """

    system: str
    name: str

    @property
    def is_pattern(self) -> bool:
        return any(mark in self.name for mark in ("${", "$[", "!{"))

    @property
    def is_of_source(self) -> bool:
        """Whether it is known by the number of a data source, which counts within one DolphinScheduler only."""
        return "#" in self.system

    @property
    def is_findable(self) -> bool:
        """Whether the same name in another workflow means the same table: a qualified one, or one of the same data source."""
        return not self.is_pattern and (self.system == "path" or "." in self.name or self.is_of_source)


@dataclass(frozen=True, slots=True, order=True)
class Unknown:
    """`part` is "task", or where in its parameters; `number` the statement there from 1, 0 for the whole; `detail` is short."""

    part: str
    number: int
    why: Why
    detail: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """Another workflow, by code: run as a task, or waited for. `project` 0 where it is not told."""

    kind: str
    workflow: int
    project: int = 0


@dataclass(frozen=True, slots=True)
class TaskLineage:
    reads: frozenset[Table] = frozenset()
    writes: frozenset[Table] = frozenset()
    calls: frozenset[Call] = frozenset()
    unknown: tuple[Unknown, ...] = ()

    def as_json(self) -> Json:
        found = {
            "reads": [[table.system, table.name] for table in sorted(self.reads)],
            "writes": [[table.system, table.name] for table in sorted(self.writes)],
            "calls": [[call.kind, call.workflow, call.project] for call in sorted(self.calls)],
            "unknown": [[item.part, item.number, item.why.value, item.detail] for item in self.unknown],
        }
        return {key: value for key, value in found.items() if value}

    @classmethod
    def from_json(cls, value: Json) -> Self:
        return cls(
            reads=frozenset(Table(*pair) for pair in value.get("reads", [])),
            writes=frozenset(Table(*pair) for pair in value.get("writes", [])),
            calls=frozenset(Call(*row) for row in value.get("calls", [])),
            unknown=tuple(
                Unknown(part, number, Why(why), detail) for part, number, why, detail in value.get("unknown", [])
            ),
        )


@dataclass(frozen=True)
class Lineage:
    """By task code; tasks that touch nothing are left out."""

    tasks: Mapping[int, TaskLineage]

    @cached_property
    def reads(self) -> frozenset[Table]:
        return frozenset(table for task in self.tasks.values() for table in task.reads)

    @cached_property
    def writes(self) -> frozenset[Table]:
        return frozenset(table for task in self.tasks.values() for table in task.writes)

    @property
    def unknown(self) -> Iterator[tuple[int, Unknown]]:
        return ((code, item) for code, task in self.tasks.items() for item in task.unknown)

    @property
    def unknown_tasks(self) -> int:
        """How many tasks have something that is not known."""
        return sum(bool(task.unknown) for task in self.tasks.values())

    @cached_property
    def json_bytes(self) -> bytes:
        """Canonical JSON: the same lineage, the same bytes."""
        return dumps({"tasks": {str(code): task.as_json() for code, task in sorted(self.tasks.items())}})

    @cached_property
    def digest(self) -> str:
        """sha256 over the canonical JSON, 64 hex digits."""
        return hashlib.sha256(self.json_bytes).hexdigest()

    @classmethod
    def from_json(cls, value: Json) -> Self:
        return cls({int(code): TaskLineage.from_json(task) for code, task in value["tasks"].items()})


def word_set(text: str) -> frozenset[str]:
    """Return a set of words written as one text: long lists stay readable."""
    return frozenset(text.split())
