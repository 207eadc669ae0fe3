"""A request to bring a workflow back to an earlier version, and what others decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Project, Workflow
from rollback.choices import OPEN, Act, Category, Decision, Rule, State, Verdict
from rollback.managers import ApprovalQuerySet, RequestQuerySet
from rollback.models.batch import RollbackBatch
from snapshotter.choices import Online, ScheduleChoice
from snapshotter.models import Snapshot, Sync

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class RollbackRequest(models.Model):
    """Moves by conditional update. What it is bound to is fixed when it is asked; only state, execution and review change."""

    is_elsewhere = False  # set for a page: the workflow went on to a project that its reader may not see

    workflow = models.ForeignKey(
        Workflow,
        on_delete=models.PROTECT,
        related_name="rollback_requests",
        verbose_name=_("workflow"),
        db_comment="what is brought back",
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="+", verbose_name=_("project"), db_comment="project at the time"
    )
    act = models.CharField(
        _("act"), max_length=10, choices=Act.choices, default=Act.ROLLBACK, db_comment="rollback, restore or put_back"
    )
    target = models.ForeignKey(
        Snapshot,
        on_delete=models.PROTECT,
        related_name="rollback_requests",
        verbose_name=_("target"),
        db_comment="the version to go back to",
    )
    base = models.ForeignKey(
        Snapshot,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published then"),
        db_comment="published version when it was asked",
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, db_comment="where it stands")
    # Unique where set: one open request a workflow. MySQL has no partial index.
    open_key = models.BigIntegerField(
        null=True, unique=True, db_comment="the workflow's id while open; null when closed"
    )

    online = models.CharField(
        _("online"), max_length=4, choices=Online.choices, default=Online.KEEP, db_comment="keep, on or off"
    )
    schedule = models.CharField(
        _("schedule"),
        max_length=16,
        choices=ScheduleChoice.choices,
        default=ScheduleChoice.KEEP,
        db_comment="keep the present one, from_definition (the target's), or off",
    )
    schedule_state = models.CharField(
        _("schedule state"),
        max_length=4,
        choices=Online.choices,
        default=Online.KEEP,
        db_comment="whether the schedule is on afterwards: keep, on or off",
    )
    with_name = models.BooleanField(
        _("with its name"), default=False, db_comment="whether the target's name comes back too"
    )
    with_layout = models.BooleanField(
        _("with its layout"), default=True, db_comment="whether the target's positions come back too"
    )
    wait_for_runs = models.BooleanField(
        _("wait for running instances"), default=False, db_comment="whether running instances end first"
    )
    override_freeze = models.TextField(
        _("freeze overridden because"), blank=True, default="", db_comment="why a freeze window does not count"
    )
    bound = models.JSONField(
        _("bound to"), default=dict, db_comment="both sides and all choices that an approval is given for"
    )
    bound_hash = models.CharField(_("bound hash"), max_length=64, db_comment="sha256 of bound")
    findings = models.JSONField(
        _("findings"), default=list, db_comment="what was found about the target and its impact: code, weight, values"
    )
    acknowledged = models.JSONField(_("acknowledged"), default=list, db_comment="codes of findings, agreed to by name")

    category = models.CharField(
        _("category"), max_length=12, choices=Category.choices, db_comment="why, as one of some words"
    )
    ticket = models.CharField(_("ticket"), max_length=190, blank=True, default="", db_comment="incident or ticket")
    reason = models.TextField(_("reason"), db_comment="why, secrets masked")
    batch = models.ForeignKey(
        RollbackBatch,
        null=True,
        on_delete=models.PROTECT,
        related_name="requests",
        verbose_name=_("rollback of many"),
        db_comment="the rollback of many it belongs to",
    )
    batch_position = models.PositiveIntegerField(default=0, db_comment="order within it, children first")

    approvals_needed = models.PositiveSmallIntegerField(
        _("approvals needed"), default=0, db_comment="by the rules when it was asked"
    )
    approver_groups = models.JSONField(
        _("approver groups"), default=list, db_comment="names of groups the rules named when it was asked"
    )
    took_part = models.JSONField(
        _("took part"), default=list, db_comment="names of those who had it executed, each attempt; they don't review"
    )
    rule = models.CharField(
        _("automatic rule"),
        max_length=12,
        blank=True,
        choices=Rule.choices,
        default=Rule.NONE,
        db_comment="the automatic rule that stood for the approvals",
    )
    is_break_glass = models.BooleanField(
        _("glass broken"), default=False, db_comment="executed without the approvals, to be reviewed"
    )
    review_due_at = models.DateTimeField(_("review due"), null=True, db_comment="until when it is to be reviewed")
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, db_comment="when it was")
    reviewed_by_name = models.CharField(
        _("reviewed by"), max_length=190, blank=True, default="", db_comment="by whom, name at the time"
    )
    verdict = models.CharField(
        _("verdict"),
        max_length=8,
        blank=True,
        choices=Verdict.choices,
        default=Verdict.NONE,
        db_comment="of the review",
    )
    review_text = models.TextField(_("review"), blank=True, default="", db_comment="the reviewer's words")

    requested_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("requested by"),
        db_comment="who asked",
    )
    requested_by_name = models.CharField(_("requested by"), max_length=190, db_comment="name at the time")
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True, db_comment="when it was asked")
    expires_at = models.DateTimeField(_("expires at"), db_comment="not executed by then: expired")
    request_id = models.CharField(_("request id"), max_length=64, blank=True, default="", db_comment="correlation id")
    executed_by_name = models.CharField(
        _("executed by"), max_length=190, blank=True, default="", db_comment="who had it executed, name at the time"
    )
    sync = models.OneToOneField(
        Sync,
        null=True,
        on_delete=models.PROTECT,
        related_name="rollback_request",
        verbose_name=_("sync"),
        db_comment="the latest attempt to bring it back",
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, db_comment="when it was closed")
    closed_code = models.CharField(
        _("closed because"), max_length=64, blank=True, default="", db_comment="our code: what moved, or what failed"
    )
    closed_text = models.TextField(_("closed because"), blank=True, default="", db_comment="the same in words")

    objects = RequestQuerySet.as_manager()

    class Meta:
        db_table = "rollback_request"
        db_table_comment = "Requests to bring a workflow back to an earlier version"
        verbose_name = _("rollback")
        verbose_name_plural = _("rollbacks")
        ordering = ["-id"]
        # Requests outside a batch have null, which is like no other: this binds those of a batch alone.
        constraints = [models.UniqueConstraint(fields=["batch", "workflow"], name="rollback_batch_workflow")]
        indexes = [
            models.Index(fields=["state", "expires_at"], name="rollback_state_expires"),
            models.Index(fields=["project", "state"], name="rollback_project_state"),
            models.Index(fields=["requested_by", "state"], name="rollback_requester_state"),
            models.Index(fields=["review_due_at"], name="rollback_review_due"),
            models.Index(fields=["created_at"], name="rollback_created"),  # a period's, for reports
            models.Index(fields=["closed_at"], name="rollback_closed"),
        ]

    def __str__(self) -> str:
        """Its key first: the trail finds a workflow's history by it."""
        return f"{self.workflow.key} -> v{self.target.version}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def needs_review(self) -> bool:
        return self.review_due_at is not None and self.reviewed_at is None


class RollbackApproval(models.Model):
    """One person's word on one request, given for exactly what it was bound to."""

    request = models.ForeignKey(
        RollbackRequest, on_delete=models.PROTECT, related_name="approvals", db_comment="the request"
    )
    approver: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User", null=True, on_delete=models.SET_NULL, related_name="+", db_comment="who decided"
    )
    approver_name = models.CharField(_("approver"), max_length=190, db_comment="name at the time")
    decision = models.CharField(_("decision"), max_length=8, choices=Decision.choices, db_comment="approve or reject")
    comment = models.TextField(_("comment"), blank=True, default="", db_comment="their words, secrets masked")
    bound_hash = models.CharField(max_length=64, db_comment="what they saw and decided on")
    created_at = models.DateTimeField(_("decided at"), auto_now_add=True, db_comment="when")

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        db_table = "rollback_approval"
        db_table_comment = "Decisions on rollback requests, one a person and request"
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["request", "approver"], name="rollback_approval_once")]

    def __str__(self) -> str:
        return f"{self.approver_name}: {self.decision}"
