"""A project's rules of approval. A project without a row has the defaults: no approval, one day to execute, one day to review."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Project

MOST_APPROVALS = 9
MOST_HOURS = 24 * 30
MOST_MINUTES = 24 * 60


class RollbackPolicy(models.Model):
    project = models.OneToOneField(
        Project,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="rollback_policy",
        verbose_name=_("project"),
        db_comment="whose rules",
    )
    approvals_needed = models.PositiveSmallIntegerField(
        _("approvals needed"),
        default=0,
        validators=[MaxValueValidator(MOST_APPROVALS)],
        help_text=_("How many people other than the requester must approve. 0: none."),
        db_comment="approvals a request needs, 0 none",
    )
    # Names, so that a rule outlives a group that was deleted: nobody is in it then, rather than everybody.
    approver_groups = models.JSONField(
        _("approver groups"),
        default=list,
        blank=True,
        db_comment="names of groups; an approver must be in one of them; empty: the right is enough",
    )
    expires_hours = models.PositiveSmallIntegerField(
        _("hours until a request expires"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)],
        db_comment="hours a request stays open",
    )
    review_hours = models.PositiveSmallIntegerField(
        _("hours until a review is due"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)],
        db_comment="hours to review what was done by breaking the glass",
    )
    same_author_minutes = models.PositiveSmallIntegerField(
        _("minutes for the author"),
        default=0,
        validators=[MaxValueValidator(MOST_MINUTES)],
        help_text=_("Whoever published the present version may take it back without approval for so long. 0: never."),
        db_comment="minutes in which a publish may be taken back by its author without approval; 0 never",
    )
    harmless_passes = models.BooleanField(
        _("schedule and layout need no approval"),
        default=False,
        help_text=_("A rollback that changes nothing but the schedule or positions passes without approval."),
        db_comment="whether a rollback of schedule or layout only passes without approval",
    )

    class Meta:
        db_table = "rollback_policy"
        db_table_comment = "Rules of approval of a project; without a row the defaults hold"
        verbose_name = _("rules of approval")
        verbose_name_plural = _("rules of approval")

    def __str__(self) -> str:
        return str(self.project)
