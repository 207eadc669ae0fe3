"""Shapes of drift and of ignored fields in the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import Project
from drift.difference import difference_of
from drift.models import DriftItem, IgnoreRule
from drift.mute import MOST_DAYS
from drift.words import kind_names, verdict
from rollback.choices import Category
from snapshotter.api.strict import Moment, StrictSerializer, Text, Whole

_LONG = 2_000
_SEEN = _("the drift's `found` that was looked at; another one by now answers 409 seen_moved")


class SaidBody(StrictSerializer):
    reason = Text(default="", allow_blank=True, max_length=_LONG)


class AssignBody(StrictSerializer):
    to = Text(allow_null=True, max_length=150, help_text=_("a user name; null: nobody"))


class MuteBody(StrictSerializer):
    until = Moment(help_text=_("at most %(days)s days ahead") % {"days": MOST_DAYS})
    reason = Text(max_length=_LONG)


class AdoptBody(StrictSerializer):
    reason = Text(max_length=_LONG, help_text=_("becomes the version's message"))
    seen = Text(default="", allow_blank=True, max_length=64, help_text=_SEEN)


class DriftPutBackBody(StrictSerializer):
    reason = Text(max_length=_LONG)
    category = serializers.ChoiceField(choices=Category.choices, default=Category.EDITED)
    ticket = Text(default="", allow_blank=True, max_length=190)
    acknowledge = serializers.ListField(
        child=Text(max_length=64), default=list, max_length=100, help_text=_("codes of findings that are agreed to")
    )
    override_freeze = Text(default="", allow_blank=True, max_length=_LONG)
    wait_for_runs = serializers.BooleanField(default=False)
    seen = Text(default="", allow_blank=True, max_length=64, help_text=_SEEN)


class IgnoreBody(StrictSerializer):
    """Of one drift: its workflow, or with `whole_project` all of its project."""

    path = Text(max_length=255, help_text=_("such as tasks.*.description; * stands for any one part"))
    reason = Text(max_length=_LONG)
    expires_at = Moment(required=False, allow_null=True, default=None, help_text=_("null: until somebody ends it"))
    whole_project = serializers.BooleanField(default=False)


class RuleBody(StrictSerializer):
    """Exactly one of `workflow` and `project`."""

    path = Text(max_length=255)
    reason = Text(max_length=_LONG)
    expires_at = Moment(required=False, allow_null=True, default=None)
    workflow = Text(required=False, max_length=200, help_text=_("a workflow's key"))
    project = Whole(required=False, min_value=1, max_value=2**63 - 1, help_text=_("DolphinScheduler's project code"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("workflow" in attrs) == ("project" in attrs):
            raise serializers.ValidationError({"workflow": [_("Give exactly one of: workflow, project.")]})
        return attrs


class RuleOut(serializers.ModelSerializer[IgnoreRule]):
    project = serializers.IntegerField(source="project.code")
    workflow = serializers.CharField(source="workflow.key", default=None, help_text=_("null: all of the project"))

    class Meta:
        model = IgnoreRule
        fields = [
            *("id", "project", "workflow", "path", "reason", "expires_at"),
            *("created_by_name", "created_at", "ended_at", "ended_by_name"),
        ]


class DriftOut(serializers.ModelSerializer[DriftItem]):
    workflow = serializers.CharField(source="workflow.key")
    project = serializers.IntegerField(source="project.code")
    verdict = serializers.CharField(source="live_state", help_text="how live compares with published")
    published_version = serializers.IntegerField(source="published.version")
    assignee = serializers.CharField(source="assignee.username", default=None)

    class Meta:
        model = DriftItem
        fields = [
            *("id", "workflow", "project", "state", "verdict", "kinds", "severity", "published_version", "summary"),
            *("found", "actor_name", "acted_at", "first_seen_at", "changed_at", "last_seen_at"),
            *("assignee", "muted_until", "closed_at", "closed_by_name", "closed_reason", "sync"),
        ]


class DriftSentence(serializers.Serializer[Any]):
    mark = serializers.CharField(help_text="A added, D removed, M changed, S setting")
    text = serializers.CharField()


class DriftDetail(DriftOut):
    """With what differs, in the caller's language; secrets are masked."""

    words = serializers.SerializerMethodField(help_text=_("the verdict in a sentence"))
    kind_words = serializers.SerializerMethodField()
    sentences = serializers.SerializerMethodField(
        help_text=_("what differs in the definition as it was found; empty where nothing comparable was")
    )
    evidence = serializers.SerializerMethodField()

    class Meta(DriftOut.Meta):
        fields = [*DriftOut.Meta.fields, "words", "kind_words", "sentences", "evidence"]

    @extend_schema_field(serializers.JSONField())
    def get_evidence(self, item: DriftItem) -> dict[str, Any]:
        """Which project has it now is for who may see that one."""
        live = item.evidence.get("live") or {}
        if live.get("moved_to") is None:
            return item.evidence  # type: ignore[no-any-return]  # a JSON column
        there = Project.objects.visible_to(self.context["reader"]).filter(code=live["moved_to"])
        if there.filter(instance=item.project.instance_id).exists():
            return item.evidence  # type: ignore[no-any-return]  # the same
        return {**item.evidence, "live": {**live, "moved_to": None}}

    def get_words(self, item: DriftItem) -> str:
        return verdict(item)

    def get_kind_words(self, item: DriftItem) -> list[str]:
        return kind_names(item)

    @extend_schema_field(DriftSentence(many=True))
    def get_sentences(self, item: DriftItem) -> list[dict[str, str]]:
        said = difference_of(item, self.context["reader"]).told
        return [{"mark": row.mark, "text": row.text} for row in said.sentences] if said else []
