"""Entries of one object, and the neighbours of one entry."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from audit.models import AuditEntry


def of_object(target: Model) -> "QuerySet[AuditEntry]":
    """Return the entries whose object this row is."""
    rows: QuerySet[AuditEntry] = AuditEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(target), object_pk=str(target.pk)
    )
    return rows


def of_name(name: str, kinds: Iterable[str]) -> "QuerySet[AuditEntry]":
    """Return the entries whose object is called `name`, or `name`, a blank and more, among kinds of objects (`app.model`).

    A name without blanks never changes: one index finds a thing and all that is called after it, such as `orders` and `orders v7`.
    """
    wanted = set(kinds)
    types = [row.pk for row in ContentType.objects.all() if ".".join(row.natural_key()) in wanted]
    rows: QuerySet[AuditEntry] = AuditEntry.objects.filter(
        Q(target=name) | Q(target__startswith=f"{name} "), content_type__in=types
    )
    return rows


def neighbours(entry: AuditEntry) -> tuple[AuditEntry | None, AuditEntry | None]:
    """Return the entries of the same object before and after this one."""
    row: Any = entry
    same = AuditEntry.objects.filter(content_type=row.content_type_id, object_pk=row.object_pk)
    return same.filter(id__lt=row.pk).order_by("-id").first(), same.filter(id__gt=row.pk).order_by("id").first()
