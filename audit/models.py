"""The audit trail's table."""

from typing import Any

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.context import current


class Outcome(models.TextChoices):
    OK = "ok", _("ok")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")


class TrailIsFinal(TypeError):
    """Code tried to change or delete rows of the trail: a defect of ours, never a user's error."""


class TrailQuerySet(models.QuerySet["AuditEntry"]):
    """Reads and adds; nothing else."""

    def update(self, **kwargs: Any) -> int:
        raise TrailIsFinal("rows of the audit trail are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TrailIsFinal("rows of the audit trail are never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise TrailIsFinal("rows of the audit trail are never changed")


class TrailManager(LogEntryManager.from_queryset(TrailQuerySet)):  # type: ignore[misc]  # auditlog's is untyped
    """auditlog's manager, over rows that are final."""


class AuditEntry(AbstractLogEntry):
    """One thing that was done, or tried. Names stand as text beside the keys, so that a row still reads when its user or object is gone."""

    event = models.CharField(
        _("event"),
        max_length=64,
        default="object.changed",
        db_comment="dotted name of what was done, such as publish.accepted",
    )
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=Outcome.choices, default=Outcome.OK, db_comment="ok, refused or failed"
    )
    reason = models.TextField(
        _("reason"), blank=True, default="", db_comment="why, in the actor's or the refusing check's words"
    )
    request_id = models.CharField(
        _("request id"),
        max_length=64,
        blank=True,
        default="",
        db_comment="correlation id, the same in logs and in the answer",
    )
    scope = models.CharField(
        _("scope"), max_length=190, blank=True, default="", db_comment="the project as text: instance/project"
    )
    actor_name = models.CharField(
        _("actor name"), max_length=190, blank=True, default="", db_comment="user name at the time"
    )
    target = models.CharField(
        _("target"), max_length=255, blank=True, default="", db_comment="what it was done to, as text"
    )

    objects = TrailManager()

    class Meta(AbstractLogEntry.Meta):
        db_table = "audit_entry"
        db_table_comment = "The audit trail: one row an act or refused attempt; never changed"
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-id"]
        # What is searched or filtered by, with the time, in whose order all is listed.
        indexes = [
            models.Index(fields=["event", "timestamp"], name="audit_event_time"),
            models.Index(fields=["outcome", "timestamp"], name="audit_outcome_time"),
            models.Index(fields=["actor_name", "timestamp"], name="audit_actor_time"),
            models.Index(fields=["target", "timestamp"], name="audit_target_time"),
            models.Index(fields=["request_id"], name="audit_request"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.target} ({self.outcome})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill in caller, address and correlation id from the request; model-change rows come without them."""
        if not self._state.adding:
            raise TrailIsFinal("rows of the audit trail are never changed")
        self._fill_from_context()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TrailIsFinal("rows of the audit trail are never deleted")

    def _fill_from_context(self) -> None:
        context = current()
        self.request_id = self.request_id or context.request_id
        entry: Any = self  # these two columns come from auditlog's untyped base
        entry.remote_addr = entry.remote_addr or context.address or None
        if entry.actor_id is None and not self.actor_name:
            entry.actor_id = context.actor_id
            self.actor_name = context.actor_name
        self.target = (self.target or str(self.object_repr))[:255]
