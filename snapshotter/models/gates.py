"""What holds publishes back on purpose: freeze windows and quarantined contents. Rows are ended, never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Instance, Project, Workflow
from snapshotter.choices import Weekday
from snapshotter.managers import FreezeQuerySet, QuarantineQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Imposed(models.Model):
    """Who imposed it and why, and who ended it."""

    reason = models.TextField(_("reason"), db_comment="why, in the words of who imposed it")
    created_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User", null=True, on_delete=models.SET_NULL, related_name="+", db_comment="who imposed it"
    )
    created_by_name = models.CharField(_("imposed by"), max_length=190, db_comment="name at the time")
    created_at = models.DateTimeField(_("imposed at"), auto_now_add=True, db_comment="since when it is known")
    ended_at = models.DateTimeField(_("ended at"), null=True, db_comment="when it was lifted; null while it holds")
    ended_by_name = models.CharField(
        _("ended by"), max_length=190, blank=True, default="", db_comment="who lifted it, name at the time"
    )

    class Meta:
        abstract = True


class FreezeWindow(Imposed):
    """A time in which nothing is published: everywhere, on an instance, or in a project; once, or every week."""

    instance = models.ForeignKey(
        Instance,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("instance"),
        db_comment="frozen instance; null with project null: everywhere",
    )
    project = models.ForeignKey(
        Project,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("project"),
        db_comment="frozen project",
    )
    starts_at = models.DateTimeField(_("from"), null=True, db_comment="start of a single freeze")
    ends_at = models.DateTimeField(_("to"), null=True, db_comment="end of a single freeze; the moment itself is free")
    start_weekday = models.PositiveSmallIntegerField(
        _("from weekday"), null=True, choices=Weekday.choices, db_comment="weekly: 0 Monday to 6 Sunday"
    )
    start_time = models.TimeField(_("from time"), null=True, db_comment="weekly: in the window's zone")
    end_weekday = models.PositiveSmallIntegerField(
        _("to weekday"), null=True, choices=Weekday.choices, db_comment="weekly: 0 Monday to 6 Sunday"
    )
    end_time = models.TimeField(_("to time"), null=True, db_comment="weekly: in the window's zone")
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, default="", db_comment="weekly: IANA name, such as Asia/Shanghai"
    )

    objects = FreezeQuerySet.as_manager()

    class Meta:
        db_table = "freeze_window"
        db_table_comment = "Times in which nothing is published; ended, never deleted"
        verbose_name = _("freeze window")
        verbose_name_plural = _("freeze windows")
        ordering = ["-id"]
        indexes = [models.Index(fields=["ended_at"], name="freeze_open")]

    def __str__(self) -> str:
        return f"{self.scope}: {self.reason[:60]}"

    @property
    def scope(self) -> str:
        """What is frozen, as text."""
        return str(self.project or self.instance or _("everywhere"))

    @property
    def is_weekly(self) -> bool:
        return self.start_weekday is not None


class ContentQuarantine(Imposed):
    """A content that must not be published: in one workflow, or anywhere in a project."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="+", verbose_name=_("project"), db_comment="where it holds"
    )
    workflow = models.ForeignKey(
        Workflow,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("workflow"),
        db_comment="the only workflow it holds in; null: all of the project",
    )
    content_hash = models.CharField(_("content hash"), max_length=64, db_comment="the content that is kept out")

    objects = QuarantineQuerySet.as_manager()

    class Meta:
        db_table = "content_quarantine"
        db_table_comment = "Contents that must not be published; ended, never deleted"
        verbose_name = _("quarantine")
        verbose_name_plural = _("quarantines")
        ordering = ["-id"]
        indexes = [models.Index(fields=["content_hash", "ended_at"], name="quarantine_content")]

    def __str__(self) -> str:
        return self.content_hash[:12]
