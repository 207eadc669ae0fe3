"""A rollback of many workflows: one reason, a request each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from rollback.batch_managers import BatchQuerySet
from rollback.choices import Category

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class RollbackBatch(models.Model):
    criteria = models.JSONField(
        _("criteria"), default=dict, db_comment="what was chosen by: publisher, from, to, project, text"
    )
    left_out = models.JSONField(
        _("left out"), default=list, db_comment="workflows that got no request: key, version, code and text"
    )
    category = models.CharField(
        _("category"), max_length=12, choices=Category.choices, db_comment="why, as one of some words"
    )
    ticket = models.CharField(_("ticket"), max_length=190, blank=True, default="", db_comment="incident or ticket")
    reason = models.TextField(_("reason"), db_comment="why, secrets masked")
    choices = models.JSONField(
        _("choices"), default=dict, db_comment="what is chosen for all of them: online, schedule, name, layout"
    )
    wait_for_runs = models.BooleanField(
        _("wait for running instances"), default=False, db_comment="whether running instances end first"
    )
    override_freeze = models.TextField(
        _("freeze overridden because"), blank=True, default="", db_comment="why a freeze window does not count"
    )
    acknowledged = models.JSONField(
        _("acknowledged"), default=list, db_comment="codes of findings, agreed to by name for all of them"
    )
    # Unique where set: a form that is sent twice makes one batch.
    form_key = models.CharField(  # noqa: DJ001  null, not "": many have none
        max_length=64,
        null=True,
        unique=True,
        db_comment="sha256 of the sender and their key; null where none was given",
    )
    ask_hash = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_comment="sha256 of all that was asked for, to tell another ask of the same key",
    )
    created_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User", null=True, on_delete=models.SET_NULL, related_name="+", db_comment="who asked"
    )
    created_by_name = models.CharField(_("asked by"), max_length=190, db_comment="name at the time")
    request_id = models.CharField(_("request id"), max_length=64, blank=True, default="", db_comment="correlation id")
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True, db_comment="when it was asked")
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, db_comment="when the rest of it was cancelled")

    objects = BatchQuerySet.as_manager()

    class Meta:
        db_table = "rollback_batch"
        db_table_comment = "Rollbacks of many workflows at once; each has a request of its own"
        verbose_name = _("rollback of many")
        verbose_name_plural = _("rollbacks of many")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.reason[:60]}"
