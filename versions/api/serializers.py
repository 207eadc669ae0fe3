"""Shapes of the reading API."""

import json
from typing import Any

from rest_framework import serializers

from catalog.models import Workflow
from definitions.secrets import mask
from snapshotter.api.serializers import SnapshotBrief
from snapshotter.masking import digest
from snapshotter.models import Snapshot
from snapshotter.store import get_blobs, get_content


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


class SnapshotDetail(SnapshotBrief):
    """A version with its content, secrets masked. Give `content=true`."""

    definitions_json = serializers.SerializerMethodField()
    relations_json = serializers.SerializerMethodField()
    layout_json = serializers.SerializerMethodField()
    schedule_json = serializers.SerializerMethodField()

    class Meta(SnapshotBrief.Meta):
        fields = [*SnapshotBrief.Meta.fields, "definitions_json", "relations_json", "layout_json", "schedule_json"]

    def get_definitions_json(self, snapshot: Snapshot) -> Any:
        return mask(json.loads(get_content(snapshot.content_hash).definitions_json), digest=digest)

    def get_relations_json(self, snapshot: Snapshot) -> Any:
        return mask(json.loads(get_content(snapshot.content_hash).relations_json), digest=digest)

    def get_layout_json(self, snapshot: Snapshot) -> Any:
        return json.loads(get_blobs([snapshot.layout_id])[snapshot.layout_id])

    def get_schedule_json(self, snapshot: Snapshot) -> Any:
        if snapshot.schedule_id is None:
            return None
        return mask(json.loads(get_blobs([snapshot.schedule_id])[snapshot.schedule_id]), digest=digest)
