"""Check now, in the API."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from drift.check import Checked, check
from drift.choices import Kind, Severity
from snapshotter.choices import LiveState
from versions.api.examples import KEY, errors, example
from versions.api.reading import Reading

CHECKED: Final = {
    "workflow": KEY,
    "live_state": "newer",
    "kinds": ["content"],
    "severity": "medium",
    "counts": {"tasks_modified": 1},
    "ignored": 0,
    "item": 31,
    "problem": None,
    "checked_at": "2026-11-26T08:00:04Z",
}


class ProblemOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class CheckedOut(serializers.Serializer[Any]):
    """How live compares with published."""

    workflow = serializers.CharField()
    live_state = serializers.ChoiceField(choices=LiveState.values)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=Kind.values), help_text="what differs, worst first"
    )
    severity = serializers.ChoiceField(choices=Severity.values, allow_null=True, help_text="null: nothing differs")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="changes by kind, those that are not 0")
    ignored = serializers.IntegerField(help_text="differences in ignored fields")
    item = serializers.IntegerField(allow_null=True, help_text="number of the standing drift, null: none stands")
    problem = ProblemOut(allow_null=True, help_text="why it can't be compared")
    checked_at = serializers.DateTimeField()


class CheckView(Reading):
    """Look at a workflow in DolphinScheduler now, and note how it compares with what was published. Nothing there is changed."""

    @extend_schema(
        tags=["drift"],
        summary="Compare with DolphinScheduler now",
        request=None,
        examples=[example("saved in DolphinScheduler", CHECKED)],
        responses={200: CheckedOut, **errors(400, 404, 409, 502, 503)},
    )
    def post(self, request: Request, key: str) -> Response:
        workflow = self.workflow()
        return Response(CheckedOut(_told(workflow.key, check(workflow, actor=self.actor))).data)


def _told(key: str, checked: Checked) -> dict[str, Any]:
    judgement = checked.judgement
    code, text = judgement.problem
    counts = {name: count for name, count in judgement.summary.items() if type(count) is int and count}
    counts.pop("base", None)
    return {
        "workflow": key,
        "live_state": judgement.live_state,
        "kinds": judgement.kinds,
        "severity": judgement.severity if judgement.is_drift else None,
        "counts": counts,
        "ignored": judgement.ignored,
        "item": checked.item.pk if checked.item is not None else None,
        "problem": {"code": code, "message": text} if code else None,
        "checked_at": checked.checked_at,
    }
