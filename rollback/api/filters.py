"""Filters of the API's list of rollbacks. A value that is none of those known is refused."""

import django_filters

from rollback.choices import State
from rollback.models import RollbackRequest
from versions.api.filters import CodeFilter


class RollbackFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=State.choices, help_text="where it stands")
    workflow = django_filters.CharFilter(field_name="workflow__key", help_text="a workflow's key")
    project = CodeFilter(
        field_name="project__code", min_value=1, max_value=2**63 - 1, help_text="DolphinScheduler's project code"
    )
    batch = CodeFilter(field_name="batch", min_value=1, max_value=2**63 - 1, help_text="a rollback of many")

    class Meta:
        model = RollbackRequest
        fields = ["state", "workflow", "project", "batch"]
