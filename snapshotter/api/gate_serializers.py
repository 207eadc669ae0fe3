"""Shapes of freeze windows and quarantines in the API."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from snapshotter.api.strict import Moment, StrictSerializer, Text, Whole
from snapshotter.gates.freeze_times import active_until
from snapshotter.models import ContentQuarantine, FreezeWindow

_IMPOSED = ("reason", "created_by_name", "created_at", "ended_at", "ended_by_name")


class ScopeBody(StrictSerializer):
    """Exactly one of the scopes: nothing wide is ever meant by leaving something out."""

    scopes: tuple[str, ...] = ()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(bool(attrs.get(name)) for name in self.scopes) != 1:
            raise serializers.ValidationError(
                {self.scopes[0]: [_("Give exactly one of: %(names)s.") % {"names": ", ".join(self.scopes)}]}
            )
        return attrs


class FreezeBody(ScopeBody):
    """Once (starts_at, ends_at), or each week (weekdays 0 Monday to 6 Sunday, times, time_zone)."""

    scopes = ("project", "instance", "everywhere")

    project = Whole(required=False, min_value=1, max_value=2**63 - 1, help_text=_("DolphinScheduler's project code"))
    instance = Text(required=False, max_length=64, help_text=_("an instance's name; superusers only"))
    everywhere = serializers.BooleanField(default=False, help_text=_("superusers only"))
    reason = Text(max_length=2_000)
    starts_at = Moment(required=False)
    ends_at = Moment(required=False)
    start_weekday = Whole(required=False, min_value=0, max_value=6)
    start_time = serializers.TimeField(required=False)
    end_weekday = Whole(required=False, min_value=0, max_value=6)
    end_time = serializers.TimeField(required=False)
    time_zone = Text(required=False, max_length=64)


class QuarantineBody(StrictSerializer):
    reason = Text(max_length=2_000)
    whole_project = serializers.BooleanField(default=False)


class FreezeOut(serializers.ModelSerializer[FreezeWindow]):
    project = serializers.IntegerField(source="project.code", default=None)
    instance = serializers.CharField(source="instance.name", default=None)  # type: ignore[assignment]  # DRF keeps the row under this name
    active_until = serializers.SerializerMethodField(help_text=_("end of the freeze that is on now; null: none is"))

    class Meta:
        model = FreezeWindow
        fields = [
            *("id", "project", "instance", "starts_at", "ends_at", "start_weekday", "start_time"),
            *("end_weekday", "end_time", "time_zone", "active_until", *_IMPOSED),
        ]

    def get_active_until(self, window: FreezeWindow) -> datetime | None:
        return None if window.ended_at else active_until(window, timezone.now())


class QuarantineOut(serializers.ModelSerializer[ContentQuarantine]):
    project = serializers.IntegerField(source="project.code")
    workflow = serializers.CharField(source="workflow.key", default=None, help_text=_("null: all of the project"))

    class Meta:
        model = ContentQuarantine
        fields = ["id", "project", "workflow", "content_hash", *_IMPOSED]
