"""Which language a text of a task is written in: by the task's type and the field where known, else by how the text looks."""

import re
from typing import Final

from definitions.errors import DefinitionError
from definitions.strict_json import loads

SQL, SHELL, PYTHON, JSON, PLAIN = "sql", "bash", "python", "json", ""

_BY_TYPE: Final = {"SQL": SQL, "PROCEDURE": SQL, "PYTHON": PYTHON, "SHELL": SHELL}
_BY_FIELD: Final = {
    "sql": SQL,
    "preStatements": SQL,
    "postStatements": SQL,
    "method": SQL,
    "json": JSON,
    "httpBody": JSON,
    "customShell": SHELL,
}
_LOOKS: Final = 4_000  # characters looked at
_JSON: Final = 500_000  # characters that are read to find out
_SQL = re.compile(
    r"(?:\s|--[^\n]*\n)*(?:select|insert|with|create|update|delete|merge|set|use|drop|alter)\b", re.IGNORECASE
)
_PYTHON = re.compile(r"^(?:#!.*python|import \w|from [\w.]+ import |def \w+\(|class \w+[(:])", re.MULTILINE)


def language(text: str, task_type: str = "", field: str = "") -> str:
    """Return the language's short name, "" for plain text. `field` may be a dotted path."""
    last = field.rpartition(".")[2]
    if looks_like_json(text):
        return JSON
    if last in _BY_FIELD:
        return PLAIN if _BY_FIELD[last] == JSON else _BY_FIELD[last]
    if last != "rawScript":
        return PLAIN
    return _BY_TYPE.get(task_type) or _by_look(text, task_type)


def looks_like_json(text: str) -> bool:
    if len(text) > _JSON or text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        loads(text)
    except DefinitionError:
        return False
    return True


def _by_look(text: str, task_type: str) -> str:
    beginning = text[:_LOOKS]
    if _PYTHON.search(beginning):
        return PYTHON
    if task_type in ("SPARK", "FLINK", "FLINK_STREAM", "HIVECLI") or _SQL.match(beginning):
        return SQL
    return SHELL
