"""Shapes of rollback requests in the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from rollback.choices import Act, Category, Decision, Verdict
from rollback.impact.findings import Finding
from rollback.models import RollbackApproval, RollbackPolicy, RollbackRequest
from rollback.policy import able
from rollback.standing import is_executable, moved, standing
from snapshotter.api.strict import StrictSerializer, Text, Whole
from snapshotter.choices import Online, ScheduleChoice

_LONG = 2_000


class ChoicesBody(StrictSerializer):
    """What happens to states, name and positions; `keep` is what we left."""

    online = serializers.ChoiceField(choices=Online.choices, default=Online.KEEP)
    schedule = serializers.ChoiceField(
        choices=ScheduleChoice.choices,
        default=ScheduleChoice.KEEP,
        help_text=_("keep the present one, from_definition: the version's, or off"),
    )
    schedule_state = serializers.ChoiceField(choices=Online.choices, default=Online.KEEP)
    with_name = serializers.BooleanField(default=False)
    with_layout = serializers.BooleanField(default=True)


class RollbackBody(ChoicesBody):
    """What is asked for. `execute`: at once, where no approval is missing; else the request waits for them."""

    act = serializers.ChoiceField(
        choices=Act.choices,
        default=Act.ROLLBACK,
        help_text=_(
            "restore: make a workflow anew that was deleted; put_back: bring the published version back, no new version"
        ),
    )
    version = Whole(min_value=1, max_value=2**31 - 1)
    base = Whole(
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("the published version that you saw, 0: none; another one by now answers 409 stale_base"),
    )
    reason = Text(max_length=_LONG)
    category = serializers.ChoiceField(choices=Category.choices, default=Category.OTHER)
    ticket = Text(default="", allow_blank=True, max_length=190)
    wait_for_runs = serializers.BooleanField(default=False)
    acknowledge = serializers.ListField(
        child=Text(max_length=64), default=list, max_length=100, help_text=_("codes of findings that are agreed to")
    )
    override_freeze = Text(default="", allow_blank=True, max_length=_LONG)
    execute = serializers.BooleanField(default=False)


class ApproveBody(StrictSerializer):
    comment = Text(default="", allow_blank=True, max_length=_LONG)
    bound_hash = Text(
        default="", allow_blank=True, max_length=64, help_text=_("what was seen; another one by now is refused")
    )


class RejectBody(StrictSerializer):
    comment = Text(max_length=_LONG)


class CancelBody(StrictSerializer):
    reason = Text(default="", allow_blank=True, max_length=_LONG)


class ExecuteBody(StrictSerializer):
    """`break_glass`: without the approvals, with a reason; needs a right of its own and is reviewed."""

    break_glass = serializers.BooleanField(default=False)
    reason = Text(default="", allow_blank=True, max_length=_LONG)


class ReviewBody(StrictSerializer):
    verdict = serializers.ChoiceField(choices=[choice for choice in Verdict.choices if choice[0]])
    text = Text(max_length=_LONG)


class FindingOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    weight = serializers.CharField()
    values = serializers.JSONField()
    text = serializers.CharField()


class ApprovalOut(serializers.ModelSerializer[RollbackApproval]):
    class Meta:
        model = RollbackApproval
        fields = ["approver_name", "decision", "comment", "bound_hash", "created_at"]


class RollbackOut(serializers.ModelSerializer[RollbackRequest]):
    workflow = serializers.CharField(source="workflow.key")
    project = serializers.IntegerField(source="project.code")
    target_version = serializers.IntegerField(source="target.version")
    base_version = serializers.IntegerField(source="base.version", default=None)
    result_version = serializers.IntegerField(source="sync.snapshot.version", default=None)
    approvals = serializers.SerializerMethodField(help_text=_("approvals given; a single rollback tells which count"))

    class Meta:
        model = RollbackRequest
        fields = [
            *("id", "workflow", "project", "act", "state", "target_version", "base_version", "result_version"),
            *("online", "schedule", "schedule_state", "with_name", "with_layout", "wait_for_runs"),
            *("category", "ticket", "reason", "acknowledged", "approvals_needed", "approvals", "rule"),
            *("requested_by_name", "created_at", "expires_at", "executed_by_name", "sync", "batch"),
            *("closed_at", "closed_code", "closed_text", "bound_hash", "request_id"),
            *("is_break_glass", "review_due_at", "reviewed_at", "reviewed_by_name", "verdict", "review_text"),
        ]

    def get_approvals(self, request: RollbackRequest) -> int:
        return sum(row.decision == Decision.APPROVE for row in request.approvals.all())


class RollbackDetail(RollbackOut):
    standing = serializers.SerializerMethodField(
        help_text=_("approvals that count, needed by the rules then or now, and whether it can be executed")
    )
    decisions = ApprovalOut(source="approvals", many=True)
    findings = serializers.SerializerMethodField()
    bound = serializers.JSONField()

    class Meta(RollbackOut.Meta):
        fields = [*RollbackOut.Meta.fields, "standing", "decisions", "findings", "bound"]

    def get_standing(self, request: RollbackRequest) -> dict[str, Any]:
        found = standing(request)
        return {
            "approvals": len(found.approvals),
            "needed": found.needed,
            "is_executable": is_executable(request, found),
            "moved": getattr(moved(request), "code", ""),
        }

    def get_findings(self, request: RollbackRequest) -> list[dict[str, Any]]:
        return [{**row, "text": Finding.from_json(row).text} for row in request.findings]


class PolicyBody(StrictSerializer):
    """Rules that are left out stay as they are."""

    approvals_needed = Whole(required=False, min_value=0)
    approver_groups = serializers.ListField(child=Text(max_length=150), required=False, max_length=50)
    expires_hours = Whole(required=False, min_value=1)
    review_hours = Whole(required=False, min_value=1)
    same_author_minutes = Whole(required=False, min_value=0)
    harmless_passes = serializers.BooleanField(required=False)
    reason = Text(required=False, allow_blank=True, max_length=_LONG)


class PolicyOut(serializers.ModelSerializer[RollbackPolicy]):
    project = serializers.IntegerField(source="project.code")
    able = serializers.SerializerMethodField(
        help_text=_("how many people could approve, counted up to one more than are needed")
    )

    class Meta:
        model = RollbackPolicy
        fields = [
            *("project", "approvals_needed", "approver_groups", "expires_hours", "review_hours"),
            *("same_author_minutes", "harmless_passes", "able"),
        ]

    def get_able(self, policy: RollbackPolicy) -> int:
        return able(policy)
