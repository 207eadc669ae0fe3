"""Shapes of runs in the API."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from operations.choices import RunKind
from operations.models import OperationRun
from snapshotter.api.gate_serializers import ScopeBody
from snapshotter.api.strict import Text, Whole


class RunBody(ScopeBody):
    """What is done, and where."""

    scopes = ("project", "instance")

    kind = serializers.ChoiceField(choices=RunKind.choices)
    project = Whole(required=False, min_value=1, max_value=2**63 - 1, help_text=_("DolphinScheduler's project code"))
    instance = Text(required=False, max_length=64, help_text=_("an instance's name; superusers only"))


class RunOut(serializers.ModelSerializer[OperationRun]):
    project = serializers.IntegerField(source="project.code", default=None, help_text=_("null: the whole instance"))
    instance = serializers.CharField(source="instance.name")  # type: ignore[assignment]  # DRF keeps the row under this name
    workflow = serializers.CharField(source="workflow.key", default=None)
    is_open = serializers.BooleanField()

    class Meta:
        model = OperationRun
        fields = [
            *("id", "kind", "instance", "project", "workflow", "state", "is_open", "total", "done", "calls", "seconds"),
            *("due_at", "error_code", "error_text", "actor_name", "request_id", "created_at", "started_at"),
            "finished_at",
        ]


class RunDetail(RunOut):
    """With the number of workflows by how they ended."""

    outcomes = serializers.SerializerMethodField()

    class Meta(RunOut.Meta):
        fields = [*RunOut.Meta.fields, "outcomes"]

    def get_outcomes(self, run: OperationRun) -> dict[str, int]:
        return run.items.counted()
