"""A workflow that is not as we left it: since when, how, by whom, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Project, Workflow
from drift.choices import STANDING, ItemState, Severity
from drift.managers import DriftQuerySet
from snapshotter.choices import LiveState
from snapshotter.models import Snapshot, Sync

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class DriftItem(models.Model):
    """One standing item a workflow; what is found later is written into it. Moves by conditional update."""

    workflow = models.ForeignKey(
        Workflow,
        on_delete=models.PROTECT,
        related_name="drift_items",
        verbose_name=_("workflow"),
        db_comment="which differs",
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="+", verbose_name=_("project"), db_comment="project at the time"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=ItemState.choices, default=ItemState.OPEN, db_comment="where it stands"
    )
    # Unique where set: one standing item a workflow. MySQL has no partial index.
    open_key = models.BigIntegerField(
        null=True, unique=True, db_comment="the workflow's id while it stands; null when closed"
    )
    live_state = models.CharField(
        _("verdict"), max_length=16, choices=LiveState.choices, db_comment="how live compares with published"
    )
    kinds = models.JSONField(default=list, db_comment="what differs, as codes, worst first")
    severity = models.CharField(_("severity"), max_length=6, choices=Severity.choices, db_comment="high, medium or low")
    published = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, related_name="drift_items", db_comment="the version it was compared with"
    )
    found = models.CharField(max_length=64, db_comment="sha256 of all that was found; another one is news")
    summary = models.JSONField(default=dict, db_comment="counts of changes by kind, as a version's change_summary")
    evidence = models.JSONField(
        default=dict,
        db_comment="both sides: hashes, release states, DolphinScheduler's code, project, version, operator and time",
    )
    content_hash = models.CharField(
        max_length=64, blank=True, default="", db_comment="the content found, stored as a version's; '' where none"
    )
    actor_name = models.CharField(
        _("likely by"), max_length=190, blank=True, default="", db_comment="DolphinScheduler's user, as far as it tells"
    )
    acted_at = models.DateTimeField(_("likely at"), null=True, db_comment="when, as far as DolphinScheduler tells")
    first_seen_at = models.DateTimeField(_("first seen"), db_comment="when it was found")
    changed_at = models.DateTimeField(_("changed"), db_comment="when `found` last became another one")
    last_seen_at = models.DateTimeField(_("last seen"), db_comment="when it was seen last")

    assignee: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("assignee"),
        db_comment="who looks after it",
    )
    muted_until = models.DateTimeField(_("muted until"), null=True, db_comment="silent until then")
    closed_at = models.DateTimeField(_("closed at"), null=True, db_comment="when it was closed")
    closed_by_name = models.CharField(max_length=190, blank=True, default="", db_comment="by whom, name at the time")
    closed_reason = models.TextField(blank=True, default="", db_comment="why, secrets masked")
    sync = models.ForeignKey(
        Sync,
        null=True,
        on_delete=models.PROTECT,
        related_name="drift_items",
        db_comment="what adopts it or puts it back",
    )

    objects = DriftQuerySet.as_manager()

    class Meta:
        db_table = "drift_item"
        db_table_comment = "Workflows found otherwise in DolphinScheduler than they were published"
        verbose_name = _("drift")
        verbose_name_plural = _("drift")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "state", "id"], name="drift_item_project_state"),
            models.Index(fields=["state", "muted_until"], name="drift_item_muted"),
            models.Index(fields=["workflow", "id"], name="drift_item_workflow"),
            models.Index(fields=["closed_at"], name="drift_item_closed"),
            models.Index(
                fields=["severity", "id"], name="drift_item_severity"
            ),  # the list is by severity, and most of it closed
        ]

    def __str__(self) -> str:
        """Its key first: the trail finds a workflow's history by it."""
        return f"{self.workflow.key} {self.live_state}"

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING
