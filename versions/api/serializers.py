"""Shapes of the reading API."""

import json
from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import Workflow
from definitions.changes import Kind
from snapshotter.api.serializers import HolderOut, SnapshotBrief
from snapshotter.holder import holder_of
from snapshotter.masking import masked_value
from snapshotter.models import Snapshot
from snapshotter.store import StoredContent, get_blob, get_content


class WorkflowOut(serializers.ModelSerializer[Workflow]):
    project = serializers.IntegerField(source="project.code")
    project_name = serializers.CharField(source="project.name")
    instance = serializers.CharField(source="project.instance.name")  # type: ignore[assignment]  # DRF keeps the row under this name
    mode = serializers.CharField(source="project.mode")
    published_version = serializers.IntegerField(source="state.published.version", default=None)
    last_version = serializers.IntegerField(source="state.last_version", default=0)
    live_state = serializers.CharField(source="state.live_state", default="not_covered")
    checked_at = serializers.DateTimeField(source="state.checked_at", default=None)
    attention = serializers.CharField(source="state.attention", default="")
    locked_by_sync = serializers.IntegerField(source="state.lock_id", default=None)

    class Meta:
        model = Workflow
        fields = [
            "key",
            "name",
            "workflow_code",
            "instance",
            "project",
            "project_name",
            "mode",
            "published_version",
            "last_version",
            "live_state",
            "checked_at",
            "attention",
            "locked_by_sync",
            "created_at",
            "deleted_in_dolphin_at",
        ]


class WorkflowDetailOut(WorkflowOut):
    """One workflow, with who holds it."""

    lock = serializers.SerializerMethodField()

    class Meta(WorkflowOut.Meta):
        fields = [*WorkflowOut.Meta.fields, "lock"]

    @extend_schema_field(HolderOut(allow_null=True))
    def get_lock(self, workflow: Workflow) -> Any:
        holder = holder_of(workflow.state) if hasattr(workflow, "state") else None
        return HolderOut(holder).data if holder else None


class SnapshotDetail(SnapshotBrief):
    """A version with its content, secrets masked. Give `content=true`."""

    definitions_json = serializers.SerializerMethodField()
    relations_json = serializers.SerializerMethodField()
    layout_json = serializers.SerializerMethodField()
    schedule_json = serializers.SerializerMethodField()

    class Meta(SnapshotBrief.Meta):
        fields = [*SnapshotBrief.Meta.fields, "definitions_json", "relations_json", "layout_json", "schedule_json"]

    @cached_property
    def content(self) -> StoredContent:
        """The stored content, read and checked once."""
        snapshot: Any = self.instance
        return get_content(snapshot.content_hash)

    def get_definitions_json(self, snapshot: Snapshot) -> dict[str, Any]:
        definitions: dict[str, Any] = _masked(self.content.definitions_json)
        return definitions

    def get_relations_json(self, snapshot: Snapshot) -> list[dict[str, Any]]:
        relations: list[dict[str, Any]] = _masked(self.content.relations_json)
        return relations

    def get_layout_json(self, snapshot: Snapshot) -> dict[str, Any]:
        layout: dict[str, Any] = _masked(get_blob(snapshot.layout_id))
        return layout

    def get_schedule_json(self, snapshot: Snapshot) -> dict[str, Any] | None:
        """Null where there is none, and where the version does not know it (`schedule_hash` empty)."""
        if snapshot.schedule_id is None:
            return None
        schedule: dict[str, Any] | None = _masked(get_blob(snapshot.schedule_id))
        return schedule


def _masked(piece: bytes) -> Any:
    return masked_value(json.loads(piece))


class ChangeOut(serializers.Serializer[Any]):
    """One change; `before` and `after` are of any type, null where absent. See docs/api.md."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    task = serializers.IntegerField(allow_null=True, help_text="its code, where the change is a task's or an edge's")
    name = serializers.CharField(help_text="of the task, or of both ends of an edge")
    field = serializers.CharField(help_text="dotted path of what changed, empty where the whole did")
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    path = serializers.ListField(child=serializers.CharField(), help_text="`field` in its steps, which may hold dots")
    before_absent = serializers.BooleanField(help_text="left omits it: `before` is its default, or null")
    after_absent = serializers.BooleanField(help_text="right omits it")
    index = serializers.IntegerField(allow_null=True, help_text="place of an added parameter in its list")
    twin = serializers.IntegerField(
        allow_null=True, help_text="code of the task of this name and type on the other side"
    )
    others = serializers.IntegerField(help_text="of an edge: how many between the same tasks stay")
    left_out = serializers.BooleanField(required=False, help_text="true: the values did not fit into the answer")


class LeftOutOut(serializers.Serializer[Any]):
    """What did not fit into an answer of `limit` bytes."""

    values = serializers.IntegerField(help_text="changes named without their values")
    changes = serializers.IntegerField(help_text="changes that are missing")
    limit = serializers.IntegerField()


class DiffOut(serializers.Serializer[Any]):
    """Typed changes. With `format=jsondiff` the object is jsondiff's instead, under `diff`."""

    workflow = serializers.CharField()
    left = serializers.CharField()
    right = serializers.CharField()
    left_version = serializers.IntegerField(allow_null=True)
    right_version = serializers.IntegerField(allow_null=True)
    identical = serializers.BooleanField(help_text="all that both sides know is equal, positions too")
    hidden = serializers.IntegerField(help_text="changes of positions that are not listed; see `layout`")
    counts = serializers.DictField(child=serializers.IntegerField())
    left_out = LeftOutOut()
    changes = ChangeOut(many=True)
