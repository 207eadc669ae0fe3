"""Shapes of the writing API: what a publish and a capture take, what a sync looks like."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from snapshotter.api.strict import JsonObject, StrictSerializer, Text, Whole
from snapshotter.choices import Online, ScheduleChoice
from snapshotter.models import MissedFire, Snapshot, Sync, SyncStep

_CODE: dict[str, Any] = {"min_value": 1, "max_value": 2**63 - 1}


class OriginBody(StrictSerializer):
    """Who and why; the publishing platform's own words."""

    message = Text(default="", allow_blank=True, max_length=10_000)
    published_by = Text(default="", allow_blank=True, max_length=190)
    trigger_ref = Text(default="", allow_blank=True, max_length=190)
    publish_task_ids = serializers.ListField(child=serializers.JSONField(), default=list, max_length=10_000)
    task_metadata = JsonObject(default=dict)


class ForceBody(StrictSerializer):
    """Overwriting what somebody changed in DolphinScheduler needs a reason."""

    force = serializers.BooleanField(default=False)
    reason = Text(default="", allow_blank=True, max_length=2_000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["force"] and not attrs["reason"].strip():
            raise serializers.ValidationError({"reason": [_("Forcing needs a reason.")]})
        return attrs


class PublishBody(ForceBody, OriginBody):
    definition = JsonObject()
    project = Whole(required=False, help_text=_("DolphinScheduler's project code; needed the first time"), **_CODE)
    workflow_code = Whole(required=False, help_text=_("binds the key to an existing workflow the first time"), **_CODE)
    label = Text(  # type: ignore[assignment]  # DRF keeps a field's caption under this name
        required=False, max_length=200, help_text=_("workflow name, instead of the definition's own")
    )
    base = Whole(required=False, min_value=0, help_text=_("the published version the change was made on; 0: none yet"))
    override_freeze = Text(
        default="",
        allow_blank=True,
        max_length=2_000,
        help_text=_("why a freeze window does not count; needs the permission override_freeze_project"),
    )
    online = serializers.ChoiceField(choices=Online.choices, default=Online.KEEP)
    schedule = serializers.ChoiceField(choices=ScheduleChoice.choices, default=ScheduleChoice.KEEP)


class DraftBody(OriginBody):
    definition = JsonObject()
    project = Whole(required=False, help_text=_("DolphinScheduler's project code; needed the first time"), **_CODE)
    workflow_code = Whole(required=False, help_text=_("binds the key to an existing workflow the first time"), **_CODE)
    label = Text(  # type: ignore[assignment]  # DRF keeps a field's caption under this name
        required=False, max_length=200, help_text=_("workflow name, instead of the definition's own")
    )
    base = Whole(required=False, min_value=0, help_text=_("the published version the change was made on; 0: none yet"))
    override_freeze = Text(
        default="",
        allow_blank=True,
        max_length=2_000,
        help_text=_("why a freeze window does not count; needs the permission override_freeze_project"),
    )


class ConfirmBody(StrictSerializer):
    """What the platform's calls left in DolphinScheduler."""

    workflow_code = Whole(**_CODE)
    dolphin_version = Whole(
        required=False, min_value=1, max_value=2**31 - 1, help_text=_("the version number DolphinScheduler answered")
    )


class FailBody(StrictSerializer):
    """How the platform's calls went wrong, in its own words."""

    code = Text(max_length=64)
    message = Text(default="", allow_blank=True, max_length=10_000)


class CaptureBody(OriginBody):
    project = Whole(required=False, help_text=_("DolphinScheduler's project code; needed the first time"), **_CODE)
    workflow_code = Whole(
        required=False, help_text=_("the workflow to take under governance; needed the first time"), **_CODE
    )


class ReasonBody(StrictSerializer):
    reason = Text(default="", allow_blank=True, max_length=2_000)


class StepOut(serializers.ModelSerializer[SyncStep]):
    class Meta:
        model = SyncStep
        fields = [
            "number",
            "direction",
            "action",
            "is_write",
            "reason",
            "sent_at",
            "answered_at",
            "milliseconds",
            "outcome",
            "dolphin_code",
            "text",
            "summary",
        ]


class FireOut(serializers.ModelSerializer[MissedFire]):
    """A scheduled fire that was lost, or may have been."""

    workflow = serializers.CharField(source="workflow.key")
    can_be_started = serializers.BooleanField()

    class Meta:
        model = MissedFire
        fields = [
            "id",
            "workflow",
            "sync",
            "due_at",
            "dolphin_time",
            "state",
            "can_be_started",
            "started_by_name",
            "started_at",
            "text",
        ]


class SyncOut(serializers.ModelSerializer[Sync]):
    workflow = serializers.CharField(source="workflow.key")
    version = serializers.IntegerField(source="snapshot.version", default=None)
    is_finished = serializers.BooleanField()
    missed_fires = serializers.SerializerMethodField()
    steps = StepOut(many=True)

    class Meta:
        model = Sync
        fields = [
            "id",
            "workflow",
            "kind",
            "state",
            "is_finished",
            "direction",
            "snapshot",
            "version",
            "error_code",
            "error_text",
            "result",
            "missed_fires",
            "due_at",
            "actor_name",
            "request_id",
            "created_at",
            "started_at",
            "finished_at",
            "journal_deleted_at",
            "steps",
        ]

    @extend_schema_field(FireOut(many=True))
    def get_missed_fires(self, sync: Sync) -> Any:
        """Only a sync that held a schedule off at a fire has some; the others cost no query."""
        if "schedule_off" not in sync.result:
            return []
        return FireOut(sync.missed_fires.named().select_related("workflow").order_by("due_at"), many=True).data


class HolderOut(serializers.Serializer[Any]):
    """Who holds a workflow, and how that stands."""

    sync = serializers.IntegerField(source="sync.pk")
    kind = serializers.CharField(source="sync.kind")
    holder = serializers.CharField(source="sync.actor_name")
    since = serializers.DateTimeField(allow_null=True)
    state = serializers.CharField(source="sync.state")
    stands = serializers.ChoiceField(
        choices=["queued", "at_work", "orphaned", "waiting", "for_platform", "attention", "ended"],
        help_text=_("orphaned: its worker died; another one takes over"),
    )
    is_alive = serializers.BooleanField(help_text=_("whether a worker's lease on it has not run out"))
    step = serializers.CharField(source="step.action", default=None, help_text=_("the latest step of its journal"))
    goes_on_at = serializers.DateTimeField(
        allow_null=True,
        help_text=_("when it goes on, or is taken over if its worker died; null: at once, or a person must act"),
    )
    busy_until = serializers.DateTimeField(
        allow_null=True, help_text=_("nobody can free it before; null: whoever manages the project can")
    )


class UnlockedOut(serializers.Serializer[Any]):
    """`sync` is the former holder as it ended, null where its row was gone."""

    workflow = serializers.CharField()
    sync = SyncOut(allow_null=True)


class SnapshotBrief(serializers.ModelSerializer[Snapshot]):
    """A version without its content."""

    workflow = serializers.CharField(source="workflow_id")

    class Meta:
        model = Snapshot
        fields = [
            "id",
            "workflow",
            "workflow_code",
            "version",
            "status",
            "label",
            "scheme",
            "content_hash",
            "label_hash",
            "layout_hash",
            "schedule_hash",
            "change_summary",
            "publish_task_ids",
            "task_metadata",
            "lineage_digest",
            "trigger",
            "trigger_ref",
            "message",
            "published_by",
            "created_by_name",
            "created_at",
            "request_id",
            "rollback_of",
            "dolphin_version",
            "live_from",
            "live_to",
            "live_effect",
            "error_step",
            "error_code",
            "error_text",
        ]


class AcceptedOut(serializers.Serializer[Any]):
    """The answer to a publish or capture."""

    workflow = serializers.CharField(source="workflow.key")
    sync = SyncOut(allow_null=True)
    snapshot = SnapshotBrief(allow_null=True)
    duplicate = serializers.BooleanField()
    replayed = serializers.BooleanField()
    recorded = serializers.BooleanField()
