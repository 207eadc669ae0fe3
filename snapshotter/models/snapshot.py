"""The snapshot: what a workflow was at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Project, Workflow
from definitions.canonical import Canonical, fingerprint
from snapshotter.choices import KEPT, LiveEffect, Status, Trigger
from snapshotter.managers import SnapshotQuerySet
from snapshotter.models.content import DefinitionBlob

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Snapshot(models.Model):
    """Immutable but for status, error and live fields."""

    workflow = models.ForeignKey(
        Workflow,
        to_field="key",
        db_column="workflow_key",
        on_delete=models.PROTECT,
        related_name="snapshots",
        verbose_name=_("workflow"),
        db_comment="key of the workflow",
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="+", verbose_name=_("project"), db_comment="project at the time"
    )
    workflow_code = models.BigIntegerField(
        _("DolphinScheduler code"),
        null=True,
        db_comment="code in DolphinScheduler at the time, null before the first create",
    )
    version = models.PositiveIntegerField(_("version"), db_comment="rises by one per workflow")
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, db_comment="draft, published, failed or unconfirmed"
    )

    scheme = models.CharField(_("scheme"), max_length=8, db_comment="canonical scheme of the hashes")
    content_hash = models.CharField(
        _("content hash"), max_length=64, db_comment="sha256 over definitions and relations"
    )
    label = models.CharField(_("name"), max_length=200, db_comment="workflow name as published")
    label_hash = models.CharField(_("name hash"), max_length=64, db_comment="sha256 of the name")
    layout_hash = models.CharField(_("layout hash"), max_length=64, db_comment="sha256 of the positions")
    # "" = not known yet: the first publish over a schedule that no snapshot holds learns it when it is proven.
    schedule_hash = models.CharField(
        _("schedule hash"),
        max_length=64,
        blank=True,
        default="",
        db_comment="sha256 of the schedule; empty when unknown",
    )
    layout = models.ForeignKey(DefinitionBlob, on_delete=models.PROTECT, related_name="+", db_comment="positions")
    schedule = models.ForeignKey(
        DefinitionBlob, null=True, on_delete=models.PROTECT, related_name="+", db_comment="schedule; null when unknown"
    )

    change_summary = models.JSONField(
        _("change summary"), default=dict, db_comment="counts against the version before, made once"
    )
    publish_task_ids = models.JSONField(
        _("publish task ids"), default=list, db_comment="ids of the publishing platform's own tasks"
    )
    task_metadata = models.JSONField(
        _("task metadata"),
        default=dict,
        db_column="task_metadata_json",
        db_comment="the publishing platform's own data",
    )
    lineage_digest = models.CharField(
        _("lineage digest"),
        max_length=64,
        blank=True,
        default="",
        db_comment="sha256 of the tables read and written; empty until computed, - where it can't be",
    )

    trigger = models.CharField(_("trigger"), max_length=16, choices=Trigger.choices, db_comment="what made it")
    trigger_ref = models.CharField(
        _("reference"), max_length=190, blank=True, default="", db_comment="the caller's reference, such as a ticket"
    )
    message = models.TextField(_("message"), blank=True, default="", db_comment="why, in the publisher's words")
    published_by = models.CharField(
        _("published by"),
        max_length=190,
        blank=True,
        default="",
        db_comment="the person, where a platform publishes for one",
    )
    created_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("created by"),
        db_comment="account that made it; null for the service itself",
    )
    created_by_name = models.CharField(_("made by"), max_length=190, db_comment="account name at the time")
    client_address = models.GenericIPAddressField(_("address"), null=True, db_comment="where the request came from")
    request_id = models.CharField(_("request id"), max_length=64, blank=True, default="", db_comment="correlation id")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_comment="when it was committed as a draft")
    rollback_of = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="rollbacks",
        verbose_name=_("rollback of"),
        db_comment="the earlier snapshot whose content this publishes again",
    )

    source_flavour = models.CharField(
        _("source flavour"),
        max_length=8,
        blank=True,
        default="",
        db_comment="flavour of the DolphinScheduler it came from",
    )
    dolphin_version = models.PositiveIntegerField(
        _("DolphinScheduler version"), null=True, db_comment="version number DolphinScheduler gave it"
    )
    live_from = models.DateTimeField(_("live from"), null=True, db_comment="when it was proven to be live")
    live_to = models.DateTimeField(_("live to"), null=True, db_comment="when another one was")
    live_effect = models.CharField(
        _("effect of the failure"),
        max_length=16,
        choices=LiveEffect.choices,
        blank=True,
        default="",
        db_comment="of a failure",
    )
    error_step = models.CharField(
        _("failed step"), max_length=32, blank=True, default="", db_comment="sync step that failed"
    )
    error_code = models.CharField(
        _("error code"), max_length=64, blank=True, default="", db_comment="our code, or dolphin_<number>"
    )
    error_text = models.TextField(_("error"), blank=True, default="", db_comment="what went wrong and what to do")

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        db_table = "workflow_definition_snapshot"
        db_table_comment = "Snapshots of workflow definitions; immutable but for status, error and live fields"
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["workflow", "version"], name="snapshot_workflow_version")]
        indexes = [
            models.Index(fields=["workflow", "status", "version"], name="snapshot_workflow_status"),
            models.Index(fields=["workflow", "trigger", "version"], name="snapshot_workflow_trigger"),
            models.Index(fields=["workflow", "live_from"], name="snapshot_workflow_live"),
            models.Index(fields=["status", "created_at"], name="snapshot_status_created"),
            models.Index(fields=["workflow_code", "dolphin_version"], name="snapshot_code_version"),
            # A reader of a few projects must not pass by the versions of all others.
            models.Index(fields=["project", "created_at"], name="snapshot_project_created"),
            models.Index(fields=["project", "status", "created_at"], name="snapshot_project_status"),
            models.Index(fields=["content_hash"], name="snapshot_content_hash"),  # by id, over all workflows
            models.Index(fields=["content_hash", "workflow", "version"], name="snapshot_content_history"),
            models.Index(fields=["trigger"], name="snapshot_trigger"),  # and by id, which every index ends with
            models.Index(fields=["created_at"], name="snapshot_created"),
            models.Index(fields=["workflow", "created_at"], name="snapshot_workflow_created"),
            models.Index(fields=["lineage_digest"], name="snapshot_lineage"),
        ]

    def __str__(self) -> str:
        return f"{self.workflow_id} v{self.version}"

    @property
    def fingerprint(self) -> str:
        """As that of a canonical form: content, name and layout."""
        return fingerprint(self.content_hash, self.label_hash, self.layout_hash)

    def holds(self, shown: Canonical | None) -> bool:
        """Whether content, name, layout and schedule are exactly these; what has no canonical form no version holds."""
        return shown is not None and (self.fingerprint, self.schedule_hash) == (shown.fingerprint, shown.schedule_hash)

    @property
    def was_live(self) -> bool:
        return self.live_from is not None

    @property
    def is_kept(self) -> bool:
        """Whether nobody published it: we kept what DolphinScheduler was found to hold."""
        return self.status == Status.PUBLISHED and self.trigger in KEPT

    @property
    def is_recovered(self) -> bool:
        return self.trigger == Trigger.BACKFILL

    @property
    def publisher(self) -> str:
        """The person behind it: who the platform named, else the account."""
        return self.published_by or self.created_by_name
