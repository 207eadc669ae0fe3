"""Tables that DATAX and SQOOP tasks copy, from their own JSON and from DolphinScheduler's forms. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from definitions.lineage.databases import session_for
from definitions.lineage.model import NAME_CHARACTERS, Table, Why
from definitions.lineage.sql import Reading, Session, read_sql
from definitions.lineage.targets import Op

Params = Mapping[str, Any]
_JDBC: Final = re.compile(r"jdbc:(?:mysql|mariadb|clickhouse)(?::\w{1,20})?://[^/\s?]{1,300}/(?P<name>[\w$-]{1,128})")
_RDBMS: Final = re.compile(
    r"(?P<kind>mysql|drds|postgresql|oracle|sqlserver|clickhouse|doris|starrocks|gdb)(?:reader|writer)\Z"
)
_FILES: Final = re.compile(r"(?:hdfs|txtfile|oss|ftp|s3|cos|obs)(?:reader|writer)\Z")
_KINDS: Final = {"postgresql": "POSTGRESQL", "drds": "MYSQL"}
_NOTHING: Final = frozenset({"streamreader", "streamwriter"})
_NAMED_BY: Final = {
    "hbase": "table",
    "mongodb": "collectionName",
    "elasticsearch": "index",
    "kafka": "topic",
    "odps": "table",
}


def read_datax(reading: Reading, params: Params) -> None:
    """Read a DATAX task: its own JSON, or DolphinScheduler's form. Never raises."""
    if str(params.get("customConfig")) == "1":
        _read_job(reading, params.get("json"))
        return
    source = session_for(params.get("dsType"), params.get("dataSource"))
    target = session_for(params.get("dtType"), params.get("dataTarget"))
    if source is None:
        reading.not_known("sql", 0, Why.DIALECT, str(params.get("dsType")))
    else:
        read_sql(reading, source, _text(params.get("sql")), "sql")
    if target is None:
        reading.not_known("target", 0, Why.DIALECT, str(params.get("dtType")))
        return
    for part, key in (("pre", "preStatements"), ("post", "postStatements")):
        for number, sql in enumerate(_list(params.get(key)), 1):
            read_sql(reading, target, _text(sql), part, first=number)
    _name(reading, target, _text(params.get("targetTable")), Op.WRITE, "target")


def read_sqoop(reading: Reading, params: Params) -> None:
    """Read a SQOOP task's form; a custom one is a shell's line."""
    if params.get("jobType") == "CUSTOM":
        reading.not_known("task", 0, Why.PROGRAM, "sqoop")
        return
    for side, op in (("source", Op.READ), ("target", Op.WRITE)):
        kind = _text(params.get(f"{side}Type")).upper()
        inner = _object(params.get(f"{side}Params"))
        if inner is None:
            reading.not_known(side, 0, Why.NOT_JSON)
        else:
            _read_sqoop_side(reading, kind, inner, op, side)


def _read_sqoop_side(reading: Reading, kind: str, inner: Params, op: Op, side: str) -> None:
    if kind == "HDFS":
        _path(reading, inner.get("exportDir") or inner.get("targetPath"), op, side)
        return
    if kind == "HIVE":
        session = Session("hive", "hive", database=_text(inner.get("hiveDatabase")).lower())
        _name(reading, session, _text(inner.get("hiveTable")), op, side)
        return
    found = session_for(kind, inner.get("srcDatasource") or inner.get("targetDatasource"))
    if found is None:
        reading.not_known(side, 0, Why.DIALECT, kind)
    elif str(inner.get("srcQueryType")) == "1":
        read_sql(reading, found, _text(inner.get("srcQuerySql")), side)
    else:
        _name(reading, found, _text(inner.get("srcTable") or inner.get("targetTable")), op, side)


def _read_job(reading: Reading, text: Any) -> None:
    job = _object(text)
    inner = job.get("job") if job else None
    content = inner.get("content") if isinstance(inner, Mapping) else None
    if isinstance(content, Mapping):
        content = [content]
    if not isinstance(content, list):
        reading.not_known("json", 0, Why.NOT_JSON)
        return
    for row in content:
        for side, op in (("reader", Op.READ), ("writer", Op.WRITE)):
            plugin = row.get(side) if isinstance(row, Mapping) else None
            if isinstance(plugin, Mapping) and isinstance(plugin.get("parameter"), Mapping):
                _read_plugin(reading, _text(plugin.get("name")).lower(), plugin["parameter"], op, side)
            else:
                reading.not_known(side, 0, Why.SHAPE)


def _read_plugin(reading: Reading, plugin: str, parameter: Params, op: Op, side: str) -> None:
    if plugin in _NOTHING:
        return
    if found := _RDBMS.match(plugin):
        kind = found["kind"]
        session = session_for(_KINDS.get(kind, kind.upper()), None)
        if session is not None:
            _read_rdbms(reading, session, parameter, op, side)
            return
    elif _FILES.match(plugin):
        _path(reading, parameter.get("path") or parameter.get("object"), op, side)
        return
    for kind, key in _NAMED_BY.items():
        named = parameter.get(key)
        if plugin.startswith(kind) and isinstance(named, str) and named:
            within = parameter.get("dbName") or parameter.get("project")
            name = f"{within}.{named}" if isinstance(within, str) and within else named
            if len(name) > NAME_CHARACTERS:
                reading.not_known(side, 0, Why.NAME_TOO_LONG)
            else:
                reading.note(op, Table(kind, name))
            return
    reading.not_known(side, 0, Why.PLUGIN, plugin)


def _read_rdbms(reading: Reading, session: Session, parameter: Params, op: Op, side: str) -> None:
    plain = (parameter.get("database"), parameter.get("selectedDatabase"))
    for connection in _list(parameter.get("connection")) or [parameter]:
        if not isinstance(connection, Mapping):
            reading.not_known(side, 0, Why.SHAPE)
            continue
        urls = _list(connection.get("jdbcUrl"))
        named = [*(connection.get(key) for key in ("selectedDatabase", "database")), *plain]
        within = next((name for name in named if isinstance(name, str) and name), "") or _database(urls)
        here = Session(session.dialect, session.system, database=within)
        for sql in _list(connection.get("querySql")) + _list(parameter.get("querySql")):
            read_sql(reading, here, _text(sql), side)
        tables = [_text(table) for table in _list(connection.get("table")) if table]
        for table in tables:
            _name(reading, here, table, op, side)
        for key, part in (("preSql", "pre"), ("postSql", "post")):
            _beside(reading, here, _list(parameter.get(key)), tables, part)


def _beside(reading: Reading, session: Session, listed: list[Any], tables: list[str], part: str) -> None:
    """Read statements that may stand for one of each table: few characters can ask for much, so it ends where no more is read."""
    short = [
        table for table in tables if len(table) <= NAME_CHARACTERS
    ]  # the others are listed as unknown by themselves
    for number, sql in enumerate(map(_text, listed), 1):
        for table in short if "@table" in sql else [""]:
            if reading.left < 0:
                return
            read_sql(reading, session, sql.replace("@table", table), part, first=number)


def _name(reading: Reading, session: Session, name: str, op: Op, part: str) -> None:
    """Read a table's name as the dialect does, by a statement that does nothing else with it."""
    if not name.strip():
        reading.not_known(part, 0, Why.SHAPE)
    elif ";" in name or "\n" in name:
        reading.not_known(part, 0, Why.NOT_PARSED)
    else:
        read_sql(reading, session, f"{'TRUNCATE TABLE' if op is Op.WRITE else 'SELECT * FROM'} {name}", part)


def _path(reading: Reading, path: Any, op: Op, part: str) -> None:
    paths = [item for item in _list(path) if isinstance(item, str) and item]
    if not paths:
        reading.not_known(part, 0, Why.SHAPE)
    for item in paths:
        reading.path(op, item, part, 0)


def _database(urls: list[Any]) -> str:
    found: Iterator[re.Match[str] | None] = (_JDBC.match(url) for url in urls if isinstance(url, str))
    return next((match["name"] for match in found if match), "")


def _object(value: Any) -> Params | None:
    if isinstance(value, Mapping):
        return value
    try:
        read = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, Mapping) else None


def _list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
