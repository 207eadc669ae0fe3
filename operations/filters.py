"""Filters of inventory rows and run items; they stand in the URL."""

import django_filters
from django.db.models import QuerySet

from operations.choices import Level, Outcome, RunKind, RunState
from operations.inventory.risk_words import LEVELS
from operations.models import InventoryRow, OperationItem, OperationRun

YES_NO = (("yes", "yes"), ("no", "no"))
COVER = (*YES_NO, ("temporary", "temporary"))


class InventoryFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="item__name", lookup_expr="icontains")
    level = django_filters.ChoiceFilter(choices=Level.choices, lookup_expr="gte")
    risk = django_filters.ChoiceFilter(choices=[(code, code) for code in LEVELS], method="with_risk")
    covered = django_filters.ChoiceFilter(choices=COVER, method="by_cover")
    online = django_filters.ChoiceFilter(choices=YES_NO, method="by_state")

    class Meta:
        model = InventoryRow
        fields = ["q", "level", "risk", "covered", "online"]

    def with_risk(self, rows: "QuerySet[InventoryRow]", name: str, value: str) -> "QuerySet[InventoryRow]":
        """Risk codes are compared as the JSON text holds them: a JSON search differs between the databases."""
        return rows.filter(risks__icontains=f'"{value}"')

    def by_cover(self, rows: "QuerySet[InventoryRow]", name: str, value: str) -> "QuerySet[InventoryRow]":
        """Temporary workflows lack no version: they are a kind of their own."""
        if value == "yes":
            return rows.filter(snapshots__gt=0)
        return rows.filter(snapshots=0, temporary=value == "temporary")

    def by_state(self, rows: "QuerySet[InventoryRow]", name: str, value: str) -> "QuerySet[InventoryRow]":
        return rows.filter(online=value == "yes")


class ItemFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices)

    class Meta:
        model = OperationItem
        fields = ["q", "outcome"]


class RunFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=RunKind.choices)
    state = django_filters.ChoiceFilter(choices=RunState.choices)

    class Meta:
        model = OperationRun
        fields = ["kind", "state"]
