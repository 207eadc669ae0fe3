"""Filters of drift's lists. A value that is none of those known is refused by the API, and hides nothing on the page."""

from typing import Final

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from drift.choices import ItemState, Severity
from drift.managers import DriftQuerySet
from drift.models import DriftItem, IgnoreRule
from snapshotter.choices import LiveState
from versions.api.filters import CodeFilter

STANDING: Final = "standing"
CLOSED: Final = "closed"
VERDICTS: Final = [
    (row.value, row.label) for row in (LiveState.DRIFTED, LiveState.NEWER, LiveState.MISSING, LiveState.CORRUPT)
]
STATES: Final = [(STANDING, _("standing")), (CLOSED, _("closed")), *ItemState.choices]


def in_state(rows: DriftQuerySet, state: str) -> DriftQuerySet:
    """Return those in a state, or of those that stand or are closed. By the open marker: a unique index, few rows."""
    if state in (STANDING, CLOSED):
        return rows.filter(open_key__isnull=state == CLOSED)
    return rows.filter(state=state)


class DriftFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=STATES, method="in_state", help_text="where it stands; standing: any open one"
    )
    severity = django_filters.ChoiceFilter(choices=Severity.choices, help_text="high, medium or low")
    verdict = django_filters.ChoiceFilter(
        field_name="live_state", choices=VERDICTS, help_text="how live compares with published"
    )
    workflow = django_filters.CharFilter(field_name="workflow__key", help_text="a workflow's key")
    project = CodeFilter(
        field_name="project__code", min_value=1, max_value=2**63 - 1, help_text="DolphinScheduler's project code"
    )

    class Meta:
        model = DriftItem
        fields = ["state", "severity", "verdict", "workflow", "project"]

    def in_state(self, rows: DriftQuerySet, _name: str, value: str) -> DriftQuerySet:
        return in_state(rows, value)


class RuleFilter(django_filters.FilterSet):
    workflow = django_filters.CharFilter(field_name="workflow__key", help_text="a workflow's key")
    project = CodeFilter(
        field_name="project__code", min_value=1, max_value=2**63 - 1, help_text="DolphinScheduler's project code"
    )
    in_force = django_filters.BooleanFilter(method="force", help_text="true: those that count now")

    class Meta:
        model = IgnoreRule
        fields = ["workflow", "project", "in_force"]

    def force(self, rows: "QuerySet[IgnoreRule]", _name: str, value: bool) -> "QuerySet[IgnoreRule]":
        held = IgnoreRule.objects.in_force().values("pk")
        return rows.filter(pk__in=held) if value else rows.exclude(pk__in=held)
