"""The lineage of one task, by its type and its parameters. Pure; never raises."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from definitions import references
from definitions.lineage.databases import session_for
from definitions.lineage.datax import read_datax, read_sqoop
from definitions.lineage.model import Call, TaskLineage, Unknown, Why, word_set
from definitions.lineage.shell import read_shell
from definitions.lineage.sql import CHARACTERS, Reading, Session, read_sql

Params = Mapping[str, Any]
TASK_CHARACTERS: Final = 1_000_000
_DEEPEST: Final = 60
# They steer, or call what is no table.
_QUIET: Final = word_set("HTTP DEPENDENT CONDITIONS SWITCH SUB_WORKFLOW SUB_PROCESS BLOCKING DYNAMIC")


def lineage_of_task(task: Mapping[str, Any]) -> TaskLineage:
    """Return what a task in canonical form reads and writes. A task that is switched off does neither."""
    if task.get("flag") == "NO":
        return TaskLineage()
    kind = str(task.get("taskType", ""))[:40]
    params = task.get("taskParams")
    reading = Reading(left=min(CHARACTERS, 20_000 + 3 * weight(task)))
    try:
        _read(reading, kind, params if isinstance(params, Mapping) else {})
        reading.calls.update(_calls(task))
        return reading.result()
    except RecursionError:
        return TaskLineage(unknown=(Unknown("task", 0, Why.TOO_DEEP),))
    except Exception:  # noqa: BLE001  whoever publishes chooses the parameters: an odd one must not hide the other tasks
        return TaskLineage(unknown=(Unknown("task", 0, Why.SHAPE),))


def weight(task: Mapping[str, Any]) -> int:
    """Return how many characters there are to read, about."""
    return _characters(task.get("taskParams"), 0)


def _read(reading: Reading, kind: str, params: Params) -> None:
    reader = _READERS.get(kind)
    if reader is None:
        if kind not in _QUIET:
            reading.not_known("task", 0, Why.CODE, kind)
    elif _characters(params, 0) > TASK_CHARACTERS:
        reading.not_known("task", 0, Why.TOO_LARGE)
    else:
        reader(reading, params)


def _sql(reading: Reading, params: Params) -> None:
    session = session_for(params.get("type"), params.get("datasource"))
    if session is None:
        reading.not_known("task", 0, Why.DIALECT, _text(params.get("type"))[:40])
        return
    separator = _text(params.get("segmentSeparator"))
    _each(reading, session, params.get("preStatements"), "pre")
    sql = _text(params.get("sql"))
    read_sql(reading, session, sql.replace(separator, ";") if len(separator) > 1 else sql, "sql")
    _each(reading, session, params.get("postStatements"), "post")


def _each(reading: Reading, session: Session, listed: Any, part: str) -> None:
    for number, sql in enumerate(listed if isinstance(listed, list) else [], 1):
        read_sql(reading, session, _text(sql), part, first=number)


def _shell(reading: Reading, params: Params) -> None:
    read_shell(reading, _text(params.get("rawScript")))


def _hive(reading: Reading, params: Params) -> None:
    if params.get("hiveCliTaskExecutionType") == "FILE":
        reading.not_known("script", 0, Why.SCRIPT_FILE)
    else:
        read_sql(reading, Session("hive", "hive"), _text(params.get("hiveSqlScript")), "script")


def _spark(reading: Reading, params: Params) -> None:
    if params.get("programType") != "SQL":
        reading.not_known("task", 0, Why.CODE, "SPARK")
    elif params.get("sqlExecutionType") == "FILE":
        reading.not_known("script", 0, Why.SCRIPT_FILE)
    else:
        read_sql(reading, Session("spark", "hive"), _text(params.get("rawScript")), "script")


_READERS: Final[Mapping[str, Callable[[Reading, Params], None]]] = {
    "SQL": _sql,
    "SHELL": _shell,
    "HIVECLI": _hive,
    "SPARK": _spark,
    "DATAX": read_datax,
    "SQOOP": read_sqoop,
}


def _calls(task: Mapping[str, Any]) -> list[Call]:
    found = []
    for reference in references.references(task):
        if reference.kind in (references.Kind.SUB_WORKFLOW, references.Kind.DEPENDENCY):
            project = reference.within if isinstance(reference.within, int) else 0
            found.append(Call(reference.kind.value, int(reference.value), project))
    return found


def _characters(value: Any, depth: int) -> int:
    if isinstance(value, str):
        return len(value)
    if depth > _DEEPEST:
        return 0
    if isinstance(value, Mapping):
        return sum(_characters(item, depth + 1) for item in value.values())
    return sum(_characters(item, depth + 1) for item in value) if isinstance(value, list) else 0


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
