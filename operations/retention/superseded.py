"""Inventories that a newer one has replaced: what retention may take of them. The newest of a scope stays, however old it is."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from operations.choices import RunKind, RunState
from operations.models import OperationItem, OperationRun


def rows(cutoffs: dict[str, datetime]) -> QuerySet[Any]:
    """What they found, workflow by workflow."""
    return OperationItem.objects.filter(run__in=_replaced(cutoffs["RETAIN_INVENTORIES"]))


def runs(cutoffs: dict[str, datetime]) -> QuerySet[Any]:
    """Those of which nothing else is left."""
    left = OperationItem.objects.filter(run=OuterRef("pk"))
    return _replaced(cutoffs["RETAIN_INVENTORIES"]).filter(~Exists(left))


def _replaced(cutoff: datetime) -> QuerySet[OperationRun]:
    newer = OperationRun.objects.filter(
        Q(project=None) | Q(project=OuterRef("project")),
        kind=RunKind.INVENTORY,
        state=RunState.SUCCEEDED,
        workflow=None,
        instance=OuterRef("instance"),
        pk__gt=OuterRef("pk"),
    )
    return OperationRun.objects.filter(Exists(newer), kind=RunKind.INVENTORY, open_key=None, finished_at__lt=cutoff)
