"""A sync: one attempt to bring DolphinScheduler to a snapshot (or to read it), and its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Workflow
from snapshotter.choices import TERMINAL, Direction, LiveEffect, Online, ScheduleChoice, SyncKind, SyncState
from snapshotter.managers import SyncQuerySet
from snapshotter.models.snapshot import Snapshot

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Sync(models.Model):
    workflow = models.ForeignKey(
        Workflow, on_delete=models.PROTECT, related_name="syncs", verbose_name=_("workflow"), db_comment="its workflow"
    )
    # A capture has none until the worker has fetched the live definition.
    snapshot = models.ForeignKey(
        Snapshot,
        null=True,
        on_delete=models.PROTECT,
        related_name="syncs",
        verbose_name=_("version"),
        db_comment="what is published",
    )
    kind = models.CharField(_("kind"), max_length=8, choices=SyncKind.choices, db_comment="publish, capture or confirm")
    state = models.CharField(
        _("state"), max_length=10, choices=SyncState.choices, default=SyncState.QUEUED, db_comment="where it stands"
    )
    direction = models.CharField(
        _("direction"),
        max_length=10,
        choices=Direction.choices,
        default=Direction.FORWARD,
        db_comment="forward or restoring",
    )
    online = models.CharField(
        _("online"), max_length=4, choices=Online.choices, default=Online.KEEP, db_comment="keep, on or off"
    )
    schedule = models.CharField(
        _("schedule"),
        max_length=16,
        choices=ScheduleChoice.choices,
        default=ScheduleChoice.KEEP,
        db_comment="keep, from_definition or off",
    )
    force_reason = models.TextField(
        _("forced because"),
        blank=True,
        default="",
        db_comment="why live changes may be overwritten; empty when they may not",
    )
    options = models.JSONField(
        default=dict, db_comment="what the request asked besides, such as trigger and message of a capture"
    )

    before = models.JSONField(null=True, db_comment="what DolphinScheduler showed before the first write")
    after = models.JSONField(null=True, db_comment="what it is to show, resolved once before the first write")

    lease_until = models.DateTimeField(null=True, db_comment="the worker's claim ends here, by the database's clock")
    attempt = models.PositiveIntegerField(default=0, db_comment="claims so far; fences an older worker")
    retries = models.PositiveIntegerField(default=0, db_comment="waits for a DolphinScheduler that was away, so far")
    due_at = models.DateTimeField(null=True, db_comment="when a waiting sync goes on; null in attention: a person must")
    error_code = models.CharField(
        _("error code"), max_length=64, blank=True, default="", db_comment="our code, or dolphin_<number>"
    )
    error_text = models.TextField(_("error"), blank=True, default="", db_comment="what went wrong and what to do")
    result = models.JSONField(default=dict, db_comment="outcome for the caller, such as duplicate or recorded")

    actor: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("actor"),
        db_comment="who asked",
    )
    actor_name = models.CharField(_("actor"), max_length=190, db_comment="name at the time")
    request_id = models.CharField(_("request id"), max_length=64, blank=True, default="", db_comment="correlation id")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_comment="when it was accepted")
    started_at = models.DateTimeField(_("started at"), null=True, db_comment="first claim")
    finished_at = models.DateTimeField(_("finished at"), null=True, db_comment="end")
    journal_deleted_at = models.DateTimeField(
        _("journal kept until"), null=True, db_comment="when its journal was deleted for its age; null: it stands"
    )

    objects = SyncQuerySet.as_manager()

    class Meta:
        db_table = "workflow_sync"
        db_table_comment = "Attempts to bring DolphinScheduler to a snapshot, or to read it"
        verbose_name = _("sync")
        verbose_name_plural = _("syncs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="sync_state_due"),
            models.Index(fields=["journal_deleted_at", "id"], name="sync_journal_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def effect(self) -> str:
        """What a failure left in DolphinScheduler, in words; a put-back says it too, whose version stays published."""
        effect = self.result.get("effect")
        return str(LiveEffect(effect).label) if effect else ""

    @property
    def is_finished(self) -> bool:
        return self.state in TERMINAL

    @property
    def waits_for_platform(self) -> bool:
        """A draft without a word from its platform yet; `due_at` is the deadline."""
        return self.kind == SyncKind.CONFIRM and self.state == SyncState.WAITING and self.attempt == 0


class SyncStep(models.Model):
    """One line of the journal. A write's is committed before the call is sent, and completed when its answer is known."""

    sync = models.ForeignKey(Sync, on_delete=models.CASCADE, related_name="steps", db_comment="its sync")
    number = models.PositiveIntegerField(_("number"), db_comment="rises by one per sync")
    direction = models.CharField(
        _("direction"), max_length=10, choices=Direction.choices, db_comment="forward or restoring"
    )
    action = models.CharField(_("step"), max_length=32, db_comment="planner's word, or read")
    is_write = models.BooleanField(_("writes"), db_comment="whether DolphinScheduler is changed by it")
    reason = models.CharField(
        _("reason"), max_length=255, blank=True, default="", db_comment="why the planner chose it"
    )
    summary = models.JSONField(_("request"), default=dict, db_comment="method, path, sizes; no bodies, no secrets")
    sent_at = models.DateTimeField(_("sent at"), db_comment="just before the call")
    answered_at = models.DateTimeField(_("answered at"), null=True, db_comment="null: the answer never came")
    outcome = models.CharField(
        _("outcome"), max_length=64, blank=True, default="", db_comment="ok, or the error's code"
    )
    dolphin_code = models.IntegerField(_("DolphinScheduler code"), null=True, db_comment="code of the answer")
    text = models.TextField(_("text"), blank=True, default="", db_comment="error text, secrets masked")

    class Meta:
        db_table = "workflow_sync_step"
        db_table_comment = "Journal of each sync"
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["sync", "number"]
        constraints = [models.UniqueConstraint(fields=["sync", "number"], name="sync_step_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"

    @property
    def milliseconds(self) -> int | None:
        if self.answered_at is None:
            return None
        return round((self.answered_at - self.sent_at).total_seconds() * 1000)
