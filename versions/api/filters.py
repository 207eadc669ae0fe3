"""Filters of the API's list of workflows. A value that is none of those known is refused."""

import django_filters
from django import forms
from django.db.models import QuerySet

from catalog.choices import Mode
from catalog.models import Workflow
from snapshotter.choices import LiveState
from versions.filters import holding


class CodeFilter(django_filters.Filter):
    field_class = forms.IntegerField


class WorkflowFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(method="by_text", help_text="in key or name, whatever the case")
    project = CodeFilter(
        field_name="project__code", min_value=1, max_value=2**63 - 1, help_text="DolphinScheduler's project code"
    )
    instance = django_filters.CharFilter(field_name="project__instance__name", help_text="an instance's name")
    state = django_filters.ChoiceFilter(
        field_name="state__live_state", choices=LiveState.choices, help_text="how live compares with published"
    )
    mode = django_filters.ChoiceFilter(field_name="project__mode", choices=Mode.choices, help_text="the project's mode")
    deleted = django_filters.ChoiceFilter(
        method="by_deleted",
        choices=[("true", "true"), ("false", "false")],
        help_text="whether it was deleted in DolphinScheduler",
    )

    class Meta:
        model = Workflow
        fields = ["text", "project", "instance", "state", "mode", "deleted"]

    def by_text(self, rows: QuerySet[Workflow], _name: str, text: str) -> QuerySet[Workflow]:
        return holding(rows, text, "key", "name")

    def by_deleted(self, rows: QuerySet[Workflow], _name: str, deleted: str) -> QuerySet[Workflow]:
        return rows.filter(deleted_in_dolphin_at__isnull=deleted == "false")
