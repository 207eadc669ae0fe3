"""DolphinScheduler's tables. Its SQL files are in no published jar, so they are made from the entities' annotations.

`EntityColumns.java` lists the columns; the rules here say what the mapper and the API take for granted about them.
"""

import re
import zipfile
from collections.abc import Collection
from pathlib import Path

from tests.services.process import run

JAVA = Path(__file__).parent / "dolphin" / "EntityColumns.java"

_DOCUMENTS = re.compile(
    r"description|global_params|locations|task_params|condition_params|command_param|var_pool|process_instance_json|history_cmd"
    r"|state_history|app_link|resource_ids|connection_params|config|content|log|plugin_params|plugin_instance_params|k8s_config"
    r"|addr_list|options|message|data|sql|detail|.*_sql|.*_json|.*_config"
)
# DolphinScheduler inserts rows without these columns and counts on the database.
_DEFAULTS = {
    **dict.fromkeys(("cpu_quota", "memory_max", "tenant_id"), "int not null default -1"),
    **dict.fromkeys(("process_instance_priority", "task_priority"), "int default 2"),
    **dict.fromkeys(("flag", "perm"), "int default 1"),
    **dict.fromkeys(
        [
            "execution_type",
            "task_execute_type",
            "task_group_priority",
            "timeout",
            "timeout_flag",
            "delay_time",
            "retry_times",
            "failure_strategy",
            "warning_type",
            "dry_run",
            "is_sub_process",
            "version",
            "process_definition_version",
            "task_definition_version",
        ],
        "int default 0",
    ),
    "environment_code": "bigint default -1",
}
_TYPES = {
    "long": "bigint",
    "int": "int",
    "boolean": "int",
    "short": "int",
    "byte": "int",
    "double": "double",
    "float": "double",
    "date": "datetime(0)",  # whole seconds, as the real schema has them: else every update makes a version
    "enum-int": "int",
    "enum-text": "varchar(64)",
}
_EXACT = {
    ("t_ds_project", "name"): "varchar(100)",
    ("t_ds_process_definition_log", "name"): "varchar(200)",
    ("t_ds_task_definition", "name"): "varchar(200)",
    ("t_ds_task_definition_log", "name"): "varchar(200)",
    ("t_ds_task_definition", "task_type"): "varchar(50) not null",
    ("t_ds_task_definition_log", "task_type"): "varchar(50) not null",
    ("t_ds_schedules", "start_time"): "datetime(0) not null",
    ("t_ds_schedules", "end_time"): "datetime(0) not null",
    ("t_ds_schedules", "crontab"): "varchar(255) not null",
    ("t_ds_schedules", "timezone_id"): "varchar(40)",
    ("t_ds_access_token", "token"): "varchar(64)",
}
# Columns that only the mapper XML names.
_UNDECLARED = {
    "t_ds_project": ["flag int default 1"],
    "t_ds_process_instance": ["flag int default 1", "update_time datetime default current_timestamp"],
    "t_ds_process_definition": ["warning_group_id int"],
    "t_ds_process_definition_log": ["warning_group_id int"],
    "t_ds_error_command": ["process_definition_version int default 0", "process_instance_id int default 0"],
}
_UNDECLARED_20 = {
    "t_ds_process_definition": ["execution_type int default 0"],
    "t_ds_process_definition_log": ["execution_type int default 0"],
    "t_ds_process_instance": ["next_process_instance_id int default 0"],
}
_UNIQUE = {
    "t_ds_project": ["name", "code"],
    "t_ds_process_definition": ["name, project_code"],
    "t_ds_user": ["user_name"],
    "t_ds_tenant": ["tenant_code"],
    "t_ds_alertgroup": ["group_name"],
    "t_ds_environment": ["name", "code"],
    "t_ds_worker_group": ["name"],
    "t_ds_datasource": ["name, type"],
}
_INDEXED = {
    "t_ds_process_definition_log": ["code, version"],
    "t_ds_task_definition": ["code"],
    "t_ds_task_definition_log": ["code, version"],
    "t_ds_process_task_relation": ["project_code, process_definition_code"],
    "t_ds_process_task_relation_log": ["process_definition_code, process_definition_version"],
    "t_ds_task_instance": ["process_instance_id"],
}


def tables(jars: list[Path], dao: Path, *, old: bool = False, bare: Collection[str] = ()) -> str:
    """Return the DDL of all entities in DolphinScheduler's dao jar; `old` for 2.0. Tables of `bare` get no index."""
    text = run(["java", "-cp", ":".join(map(str, jars)), str(JAVA), str(dao)])
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        table, column, kind, identity = line.split("\t")
        found.setdefault(table, {}).setdefault(column, _column(table, column, kind, identity))
    statements = []
    for table, columns in found.items():
        more = {
            line.split()[0]: line
            for line in _UNDECLARED.get(table, []) + (_UNDECLARED_20.get(table, []) if old else [])
        }
        lines = [*columns.values(), *(line for name, line in more.items() if name not in columns)]
        statements.append(f"create table {table} (\n  " + ",\n  ".join(lines) + ");")
        statements += [] if table in bare else _indexes(table, columns)
    return "\n".join(statements) + "\n"


def quartz(jar: Path, name: str) -> str:
    """Return Quartz's own DDL, without what Spring's script reader or H2 can't take."""
    with zipfile.ZipFile(jar) as archive:
        text = archive.read(f"org/quartz/impl/jdbcjobstore/{name}").decode()
    text = re.sub(r"--.*|^#.*|^commit;", "", text, flags=re.MULTILINE | re.IGNORECASE)
    text = re.sub(r"(BOOL_PROP_2 BOOLEAN NULL),", r"\1", text) if "h2" in name else text
    return text.replace(" IMAGE ", " BLOB ")


def _column(table: str, column: str, kind: str, identity: str) -> str:
    if identity:
        auto = " auto_increment" if identity == "auto" else ""
        return f"`{column}` {_TYPES.get(kind, 'varchar(255)')}{auto} primary key"
    if (table, column) in _EXACT:
        return f"`{column}` {_EXACT[table, column]}"
    if column in _DEFAULTS:
        return f"`{column}` {_DEFAULTS[column]}"
    if kind == "text":
        return f"`{column}` {'longtext' if _DOCUMENTS.fullmatch(column) else 'varchar(255)'}"
    return f"`{column}` {_TYPES[kind]}"


def _indexes(table: str, columns: dict[str, str]) -> list[str]:
    lines = []
    for unique, listed in (("unique ", _UNIQUE), ("", _INDEXED)):
        for number, names in enumerate(listed.get(table, [])):
            if all(name in columns for name in names.split(", ")):
                lines.append(f"create {unique}index {table}_{unique.strip() or 'by'}_{number} on {table} ({names});")
    return lines
