"""Distinct secrets, put into every inlet, and the means to look for them."""

import json
import secrets
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

Body = dict[str, Any]
# Inside the definition: DolphinScheduler needs them, so the compressed content holds them. Nothing else does.
IN_THE_DEFINITION = (
    "script",
    "sql",
    "jdbc",
    "jdbc_user",
    "task_key",
    "local_param",
    "global_param",
    "escaped",
    "task_name",
)
# Never kept in plain anywhere.
ELSEWHERE = (
    *("dolphin_token", "address_password", "service_token", "wrong_token", "sign_in", "idempotency_key"),
    *("message", "published_by", "trigger_ref", "metadata", "task_ids", "force_reason", "unknown_value"),
)


class Canaries(dict[str, str]):
    """Name to secret; no two alike, none a word that stands anywhere else."""

    def __init__(self) -> None:
        super().__init__({name: f"c4n4ry{secrets.token_hex(10)}" for name in (*IN_THE_DEFINITION, *ELSEWHERE)})

    def found_in(self, text: str, *, of: Iterable[str] = ()) -> list[str]:
        """Return the names of those that stand in the text."""
        return [name for name in (of or self) if self[name] in text]

    def put_into(self, definition: Body) -> Body:
        """Return the definition with a secret in every place that takes one."""
        first, second, third = definition["definitions"]["tasks"].values()
        first["taskParams"]["rawScript"] = (
            f"export DB_PASSWORD={self['script']}\ncurl -d '{self._escaped()}' http://x\n"
        )
        second["name"] = f"load --password {self['task_name']}"
        second["taskType"] = "SQL"
        second["taskParams"] = {
            **{"type": "MYSQL", "datasource": 1, "sqlType": "1", "localParams": [], "resourceList": []},
            "sql": f"create user etl identified by '{self['sql']}'",
            "connParams": f"jdbc:mysql://db:3306/x?user=etl&password={self['jdbc']}",
            "other": f"jdbc:mysql://etl:{self['jdbc_user']}@db:3306/x",
            "password": self["task_key"],
        }
        parameter = {"direct": "IN", "type": "VARCHAR", "prop": "db_password"}
        third["taskParams"]["localParams"] = [{**parameter, "value": self["local_param"]}]
        definition["definitions"]["settings"]["globalParams"] = [{**parameter, "value": self["global_param"]}]
        return definition

    def request(self, definition: Body) -> Body:
        """Return a publish body whose words hold secrets too."""
        return {
            "definition": definition,
            "message": f"as agreed, password={self['message']}",
            "published_by": f"li.na token={self['published_by']}",
            "trigger_ref": f"http://ci:{self['trigger_ref']}@ci/1",
            "task_metadata": {"load": {"apiKey": self["metadata"]}},
            "publish_task_ids": [1, {"secret": self["task_ids"]}],
        }

    def _escaped(self) -> str:
        return json.dumps(json.dumps({"password": self["escaped"]}))


def database() -> Iterator[tuple[str, str]]:
    """Yield (table.column, text) of every cell. Compressed content is given as it is kept, and opened as "content"."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, cell in zip(names, row, strict=True):
                    yield from _cell(f"{table}.{name}", cell)


def _cell(place: str, cell: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(cell, bytes | memoryview):
        yield place, str(cell)
        return
    data = bytes(cell)
    yield place, data.decode("latin-1")
    try:
        yield "content", zlib.decompress(data).decode()
    except (zlib.error, UnicodeDecodeError):
        return
