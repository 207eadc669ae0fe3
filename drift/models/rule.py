"""A field in which workflows may differ from what was published, for a while and for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Project, Workflow
from drift.managers import IgnoreRuleQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class IgnoreRule(models.Model):
    """Of one workflow, or of all of a project where `workflow` is null. Never changed: ended, and made anew."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="ignore_rules", verbose_name=_("project"), db_comment="where"
    )
    workflow = models.ForeignKey(
        Workflow,
        null=True,
        on_delete=models.PROTECT,
        related_name="ignore_rules",
        verbose_name=_("workflow"),
        db_comment="the workflow; null: all of the project",
    )
    path = models.CharField(
        _("field"), max_length=255, db_comment="path as the comparator names it; * stands for any one part"
    )
    reason = models.TextField(_("reason"), db_comment="why, secrets masked")
    expires_at = models.DateTimeField(_("expires at"), null=True, db_comment="until when; null: until it is ended")
    created_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User", null=True, on_delete=models.SET_NULL, related_name="+", db_comment="who made it"
    )
    created_by_name = models.CharField(_("made by"), max_length=190, db_comment="name at the time")
    created_at = models.DateTimeField(_("made at"), auto_now_add=True, db_comment="when")
    ended_at = models.DateTimeField(_("ended at"), null=True, db_comment="when somebody ended it")
    ended_by_name = models.CharField(max_length=190, blank=True, default="", db_comment="who ended it")

    objects = IgnoreRuleQuerySet.as_manager()

    class Meta:
        db_table = "ignore_rule"
        db_table_comment = "Fields in which workflows may differ from what was published"
        verbose_name = _("ignored field")
        verbose_name_plural = _("ignored fields")
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "ended_at"], name="ignore_rule_project")]

    def __str__(self) -> str:
        return self.path
