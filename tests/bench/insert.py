"""INSERT ... SELECT by model: each column an expression, the rest their field's default."""

from typing import Any

from django.db import models

Columns = dict[str, str]


def insert(model: type[models.Model], columns: Columns, source: str) -> str:
    """Return the statement. Columns that are not named get their default, so that a new one does not break the load."""
    fields = model._meta.concrete_fields
    unknown = columns.keys() - {field.column for field in fields}
    assert not unknown, f"{model._meta.db_table} has no {', '.join(unknown)}"
    named = {field.column: columns.get(field.column) or _default(field) for field in fields}
    named = {name: value for name, value in named.items() if name != "id" or "id" in columns}
    names = ", ".join(f"`{name}`" for name in named)
    return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(named.values())} FROM {source}"


def _default(field: Any) -> str:
    if isinstance(field, models.JSONField) and not field.null:
        return "'[]'" if field.default is list else "'{}'"
    if not field.has_default() or callable(field.default):
        return "NULL" if field.null else "''"
    if field.default is None:
        return "NULL"
    return f"'{field.default}'" if isinstance(field.default, str) else str(int(field.default))
