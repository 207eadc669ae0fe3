"""A fire of a schedule that fell into the time a sync held it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Workflow
from snapshotter.choices import FireState
from snapshotter.managers import MissedFireQuerySet
from snapshotter.models.sync import Sync

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class MissedFire(models.Model):
    """State moves by conditional update; `starting` is left by the one who made it so, hence a run is asked for once at most."""

    workflow = models.ForeignKey(
        Workflow,
        on_delete=models.PROTECT,
        related_name="missed_fires",
        verbose_name=_("workflow"),
        db_comment="its workflow",
    )
    sync = models.ForeignKey(
        Sync,
        on_delete=models.PROTECT,
        related_name="missed_fires",
        verbose_name=_("sync"),
        db_comment="the sync that held the schedule off",
    )
    due_at = models.DateTimeField(_("due at"), db_comment="when the schedule would have fired")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=FireState.choices,
        db_comment="unsure, missed, ran, starting, started or unknown",
    )
    dolphin_time = models.CharField(
        max_length=19,
        blank=True,
        default="",
        db_comment="due_at as DolphinScheduler writes it, in its own zone; empty when that zone is not known",
    )
    look_at = models.DateTimeField(
        null=True, db_comment="when its run is looked for in DolphinScheduler; null: not any more"
    )
    started_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("started by"),
        db_comment="who asked for the run",
    )
    started_by_name = models.CharField(
        _("started by"), max_length=190, blank=True, default="", db_comment="name at the time"
    )
    started_at = models.DateTimeField(_("started at"), null=True, db_comment="when the run was asked for")
    text = models.TextField(_("text"), blank=True, default="", db_comment="why the start failed, secrets masked")

    objects = MissedFireQuerySet.as_manager()

    class Meta:
        db_table = "missed_fire"
        db_table_comment = "Scheduled fires that fell into the time a sync held the schedule off"
        verbose_name = _("missed fire")
        verbose_name_plural = _("missed fires")
        ordering = ["-due_at"]
        constraints = [models.UniqueConstraint(fields=["workflow", "due_at"], name="missed_fire_workflow_due")]
        indexes = [
            models.Index(fields=["look_at"], name="missed_fire_look"),
            models.Index(fields=["due_at"], name="missed_fire_due"),  # a period's, for reports
        ]

    def __str__(self) -> str:
        return f"{self.workflow} {self.due_at:%Y-%m-%d %H:%M:%S}Z"

    @property
    def can_be_started(self) -> bool:
        """Whether its run may still be asked for."""
        return self.state in (FireState.MISSED, FireState.UNSURE) and bool(self.dolphin_time)
