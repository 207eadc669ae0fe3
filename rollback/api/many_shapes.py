"""Shapes of rollbacks of many in the API."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from rollback.choices import Category
from rollback.many.criteria import LONGEST_TEXT, MOST_WORKFLOWS
from rollback.many.preview import Preview, Row
from rollback.many.progress import Standing, counted, of_batch
from rollback.many.words import Why
from rollback.models import BatchItem, RollbackBatch
from rollback.submit import LONGEST_REASON
from snapshotter.api.strict import Moment, StrictSerializer, Text, Whole
from snapshotter.choices import ScheduleChoice


class ManyCriteriaBody(StrictSerializer):
    """What is looked for; at least one of publisher, since, text and workflows."""

    publisher = Text(default="", allow_blank=True, max_length=LONGEST_TEXT, help_text=_("as versions name it"))
    since = Moment(required=False, help_text=_("a day before the end where it is left out; at most 31 days"))
    until = Moment(required=False, help_text=_("now where it is left out; not included"))
    text = Text(
        default="", allow_blank=True, max_length=LONGEST_TEXT, help_text=_("message, person, reference or task")
    )
    project = Whole(required=False, min_value=1, max_value=2**63 - 1, help_text=_("DolphinScheduler's project code"))
    workflows = serializers.ListField(child=Text(max_length=190), default=list, max_length=MOST_WORKFLOWS)


class PickBody(StrictSerializer):
    """A workflow, and what was seen of it: another version by now leaves it out. Numbers left out: whatever they are."""

    workflow = Text(max_length=190)
    target_version = Whole(default=0, min_value=0, max_value=2**31 - 1)
    published_version = Whole(default=0, min_value=0, max_value=2**31 - 1)


class BatchBody(StrictSerializer):
    """`preview` true: nothing is kept, and only `criteria` and `schedule` count. `workflows` left out: all that can go back."""

    criteria = ManyCriteriaBody()
    preview = serializers.BooleanField(default=False)
    workflows = serializers.ListField(child=PickBody(), required=False, max_length=MOST_WORKFLOWS)
    reason = Text(default="", allow_blank=True, max_length=LONGEST_REASON)
    category = serializers.ChoiceField(choices=Category.choices, default=Category.OTHER)
    ticket = Text(default="", allow_blank=True, max_length=190)
    schedule = serializers.ChoiceField(choices=ScheduleChoice.choices, default=ScheduleChoice.KEEP)
    wait_for_runs = serializers.BooleanField(default=False)
    acknowledge = serializers.ListField(
        child=Text(max_length=64),
        default=list,
        max_length=100,
        help_text=_("codes that are agreed to, for all of them"),
    )
    override_freeze = Text(default="", allow_blank=True, max_length=LONGEST_REASON)


class SeenBody(StrictSerializer):
    """A rollback and the `bound_hash` it showed: what is bound otherwise by now is not approved."""

    id = Whole(min_value=1, max_value=2**63 - 1)
    bound_hash = Text(max_length=64)


class ApproveManyBody(StrictSerializer):
    requests = serializers.ListField(
        child=SeenBody(),
        min_length=1,
        max_length=MOST_WORKFLOWS,
        help_text=_("those that were seen, as items name them; no other is approved"),
    )
    comment = Text(default="", allow_blank=True, max_length=LONGEST_REASON)


class ExecuteManyBody(StrictSerializer):
    """`workflows`: only these, those that failed too; `goes_alone`: they do not wait for those they use."""

    workflows = serializers.ListField(child=Text(max_length=190), default=list, max_length=MOST_WORKFLOWS)
    goes_alone = serializers.BooleanField(default=False)


class AgainBody(StrictSerializer):
    acknowledge = serializers.ListField(child=Text(max_length=64), default=list, max_length=100)


class CancelManyBody(StrictSerializer):
    reason = Text(default="", allow_blank=True, max_length=LONGEST_REASON)


class ManyWhyOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class ManyCriteriaOut(serializers.Serializer[Any]):
    publisher = serializers.CharField()
    since = serializers.CharField()
    until = serializers.CharField()
    text = serializers.CharField()
    project = serializers.IntegerField(allow_null=True)
    workflows = serializers.ListField(child=serializers.CharField())


class ManyPreviewRowOut(serializers.Serializer[Any]):
    workflow = serializers.CharField()
    versions = serializers.ListField(child=serializers.IntegerField(), help_text=_("those that are taken back"))
    target_version = serializers.IntegerField(allow_null=True)
    published_version = serializers.IntegerField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), allow_null=True)
    approvals_needed = serializers.IntegerField()
    warnings = ManyWhyOut(many=True)
    reasons = ManyWhyOut(many=True, help_text=_("why it is left out; none where it can go back"))


class ManyPreviewOut(serializers.Serializer[Any]):
    """`workflows` in the order in which they would go back; nothing was kept."""

    criteria = ManyCriteriaOut()
    workflows = ManyPreviewRowOut(many=True)
    left_out = ManyPreviewRowOut(many=True)
    circles = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    acknowledge = serializers.ListField(child=serializers.CharField(), help_text=_("codes that must be agreed to"))
    is_more = serializers.BooleanField(help_text=_("more than 500 workflows fit"))


class BatchItemOut(serializers.Serializer[Any]):
    workflow = serializers.CharField()
    position = serializers.IntegerField()
    versions = serializers.ListField(child=serializers.IntegerField())
    target_version = serializers.IntegerField()
    state = serializers.CharField(
        help_text=_("waiting, left_out, pending, approved, ordered, waits, stopped, executing, done, ...")
    )
    waits_for = serializers.CharField(allow_null=True)
    request = serializers.IntegerField(allow_null=True, help_text=_("its own rollback"))
    bound_hash = serializers.CharField(help_text=_("what its rollback is bound to; empty: none yet"))
    code = serializers.CharField()
    text = serializers.CharField()
    findings = serializers.ListField(child=serializers.DictField())


class BatchLeftOutOut(serializers.Serializer[Any]):
    workflow = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    code = serializers.CharField()
    text = serializers.CharField()


class BatchOut(serializers.ModelSerializer[RollbackBatch]):
    criteria = serializers.SerializerMethodField()

    class Meta:
        model = RollbackBatch
        fields = [
            *("id", "criteria", "category", "ticket", "reason", "choices", "wait_for_runs", "acknowledged"),
            *("created_by_name", "created_at", "cancelled_at", "request_id"),
        ]

    @extend_schema_field(ManyCriteriaOut)
    def get_criteria(self, batch: RollbackBatch) -> dict[str, Any]:
        """Keys that were named are shown to who named them: others may not see all of these workflows."""
        actor = self.context["actor"] if "actor" in self.context else self.context["request"].user
        return batch.criteria if batch.created_by_id == actor.pk else {**batch.criteria, "workflows": []}


class BatchDetail(BatchOut):
    """With each workflow that the caller may see, and how many stand where."""

    counts = serializers.SerializerMethodField(help_text=_("{state: workflows}"))
    items = serializers.SerializerMethodField()
    left_out = serializers.SerializerMethodField()

    class Meta(BatchOut.Meta):
        fields = [*BatchOut.Meta.fields, "counts", "items", "left_out"]

    def get_counts(self, batch: RollbackBatch) -> dict[str, int]:
        return dict(counted(of_batch(batch)[1].values()))

    @extend_schema_field(BatchItemOut(many=True))
    def get_items(self, batch: RollbackBatch) -> list[dict[str, Any]]:
        _items, found = of_batch(batch)
        rows = BatchItem.objects.visible_to(self.context["actor"]).filter(batch=batch)
        seen = list(rows.select_related("workflow", "target", "request").order_by("position"))
        keys = {item.workflow_id: item.workflow.key for item in seen}
        return [_item(item, found[item.workflow_id], keys) for item in seen]

    @extend_schema_field(BatchLeftOutOut(many=True))
    def get_left_out(self, batch: RollbackBatch) -> list[dict[str, Any]]:
        visible = set(self.context["visible"])
        mine = [row for row in batch.left_out if self.context["is_own"] or row.get("project") in visible]
        return [{"workflow": row["workflow"], "version": row["version"], **why_out(Why.from_json(row))} for row in mine]


class DecidedOut(BatchDetail):
    """`approved` now, `refused` with the reason, `more`: call again for the next ones, `unseen`: others that wait."""

    decided = serializers.SerializerMethodField()

    class Meta(BatchDetail.Meta):
        fields = [*BatchDetail.Meta.fields, "decided"]

    def get_decided(self, _batch: RollbackBatch) -> dict[str, Any]:
        decided = self.context["decided"]
        refused = [{"workflow": key, "code": code, "text": text} for key, code, text in decided.left]
        return {"approved": decided.approved, "refused": refused, "more": decided.more, "unseen": decided.unseen}


def _item(item: BatchItem, stand: Standing, keys: Mapping[int, str]) -> dict[str, Any]:
    return {
        "workflow": item.workflow.key,
        "position": item.position,
        "versions": item.bad,
        "target_version": item.target.version,
        "state": stand.stage,
        "waits_for": keys.get(stand.holder) if stand.holder is not None else None,
        "request": item.request_id,
        "bound_hash": item.request.bound_hash if item.request is not None else "",
        "code": item.code,
        "text": item.text,
        "findings": item.findings,
    }


def preview_out(found: Preview) -> dict[str, Any]:
    """Return the preview as its shape takes it."""
    return {
        "criteria": found.criteria.as_json(),
        "workflows": [_row(row) for row in found.offered],
        "left_out": [_row(row) for row in found.left_out],
        "circles": found.circles,
        "acknowledge": list(found.to_acknowledge()),
        "is_more": found.is_more,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "workflow": row.workflow.key,
        "versions": row.bad,
        "target_version": row.target.version if row.target else None,
        "published_version": row.published.version if row.published else None,
        "counts": row.counts,
        "approvals_needed": row.approvals,
        "warnings": [why_out(why) for why in row.warnings],
        "reasons": [why_out(why) for why in row.reasons],
    }


def why_out(why: Why) -> dict[str, str]:
    return {"code": why.code, "text": why.text}
