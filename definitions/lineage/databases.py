"""DolphinScheduler's types of data source, and the dialect each speaks. What is not here is unknown."""

from typing import Any, Final

from definitions.lineage.sql import Session

# type: (sqlglot's dialect, our name for the kind of system). Hive and Spark share their tables.
DATABASES: Final = {
    "MYSQL": ("mysql", "mysql"),
    "HIVE": ("hive", "hive"),
    "SPARK": ("spark", "hive"),
    "KYUUBI": ("spark", "hive"),
    "POSTGRESQL": ("postgres", "postgres"),
    "REDSHIFT": ("redshift", "redshift"),
    "DORIS": ("doris", "doris"),
    "STARROCKS": ("starrocks", "starrocks"),
    "CLICKHOUSE": ("clickhouse", "clickhouse"),
    "ORACLE": ("oracle", "oracle"),
    "SQLSERVER": ("tsql", "sqlserver"),
    "AZURESQL": ("tsql", "sqlserver"),
    "PRESTO": ("presto", "presto"),
    "TRINO": ("trino", "trino"),
    "ATHENA": ("trino", "athena"),  # sqlglot's own hands on to other parsers, whose steps would not be counted
    "SNOWFLAKE": ("snowflake", "snowflake"),
    "DATABRICKS": ("databricks", "databricks"),
}


def session_for(kind: Any, data_source: Any) -> Session | None:
    """Return a connection to a data source (its type, its id), None for a type that is not known here."""
    found = DATABASES.get(kind.upper()) if isinstance(kind, str) else None
    if found is None:
        return None
    number = str(data_source) if isinstance(data_source, int | str) and not isinstance(data_source, bool) else ""
    return Session(
        *found, source=number if number.isascii() and number.isdigit() and number != "0" and len(number) < 20 else ""
    )
