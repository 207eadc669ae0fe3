"""The audit trail's tables: entries, the seals that chain them, and what verifying them found."""

import json
import logging
from typing import Any

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.canonical import WRITTEN, type_name
from audit.context import current
from audit.lines import line
from audit.marks import mark_of

logger = logging.getLogger("audit")


class Outcome(models.TextChoices):
    OK = "ok", _("ok")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")


class TrailIsFinal(TypeError):
    """Code tried to change or delete rows of the trail: a defect of ours, never a user's error."""


class FinalQuerySet(models.QuerySet[Any]):
    """Reads and adds; nothing else."""

    def update(self, **kwargs: Any) -> int:
        raise TrailIsFinal("rows of the audit trail are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TrailIsFinal("rows of the audit trail are never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise TrailIsFinal("rows of the audit trail are never changed")


class TrailQuerySet(FinalQuerySet):
    """The entries' own."""

    def unsealed(self) -> "TrailQuerySet":
        return self.filter(~models.Exists(AuditSeal.objects.filter(entry=models.OuterRef("pk"))))


class TrailManager(LogEntryManager.from_queryset(TrailQuerySet)):  # type: ignore[misc]  # auditlog's is untyped
    """auditlog's manager, over rows that are final."""


class AuditEntry(AbstractLogEntry):
    """One thing that was done, or tried. Names stand as text beside the keys, so that a row still reads when its user or object is gone.

    Nothing that is deleted elsewhere changes a row: the person's id stays, and content types of the trail can't be deleted.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        db_comment="the person's id, also when the account is gone",
    )
    content_type = models.ForeignKey(
        ContentType,
        verbose_name=_("content type"),
        on_delete=models.PROTECT,
        related_name="+",
        db_comment="kind of the object",
    )
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

    mark = models.CharField(  # noqa: DJ001  unique, so none is NULL
        max_length=100,
        null=True,
        unique=True,
        editable=False,
        db_comment="the service's signature at writing: nonce, key, keyed hash",
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
            models.Index(fields=["scope", "timestamp"], name="audit_scope_time"),
            models.Index(fields=["request_id"], name="audit_request"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.target} ({self.outcome})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill in caller, address and correlation id from the request; model-change rows come without them."""
        if not self._state.adding:
            raise TrailIsFinal("rows of the audit trail are never changed")
        self._fill_from_context()
        self.mark = mark_of(self._written(), type_name(self.content_type_id))
        super().save(*args, **kwargs)
        told = self.as_told()
        logger.info(line(**told), extra=told)

    def as_told(self) -> dict[str, Any]:
        """The entry in the log, before and after and detail aside; the line's beginning has the request id (`audit/logs.py`).

        A log host keeps it where the database's owner can't change it.
        """
        return {
            "event": self.event,
            "outcome": str(self.outcome),
            "actor": self.actor_name,
            "target": self.target,
            "entry": self.pk,
            "scope": self.scope,
            "reason": self.reason,
        }

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TrailIsFinal("rows of the audit trail are never deleted")

    def _written(self) -> dict[str, Any]:
        """The columns as the database will give them back."""
        fields = {field.attname: field for field in self._meta.concrete_fields}
        return {name: _kept(fields[name], getattr(self, name)) for name in WRITTEN}

    def _fill_from_context(self) -> None:
        context = current()
        self.request_id = self.request_id or context.request_id
        entry: Any = self  # these two columns come from auditlog's untyped base
        entry.remote_addr = entry.remote_addr or context.address or None
        if entry.actor_id is None and not self.actor_name:
            entry.actor_id = context.actor_id
            self.actor_name = context.actor_name
        self.target = (self.target or str(self.object_repr))[:255]


def _kept(field: Any, value: Any) -> Any:
    """Return a value as its column keeps it: JSON without tuples and keys that are no text, numbers of text columns as text."""
    if isinstance(field, models.JSONField):
        return json.loads(json.dumps(value))
    return field.get_prep_value(value)


class AuditSeal(models.Model):
    """The seal of one entry, chained to the one before. Entries get theirs in the order in which the sealer finds them, not by id."""

    sequence = models.BigIntegerField(primary_key=True, db_comment="place in the chain, from 1, without a gap")
    entry = models.OneToOneField(
        AuditEntry,
        on_delete=models.DO_NOTHING,
        db_constraint=False,  # a seal outlives its entry: that is how a removed one is found
        related_name="seal",
        db_comment="the entry",
    )
    form = models.CharField(max_length=8, db_comment="form of the signed bytes, a1")
    key_id = models.CharField(max_length=16, db_comment="which key signed")
    digest = models.CharField(max_length=64, db_comment="keyed hash of the entry alone")
    hash = models.CharField(max_length=64, db_comment="keyed hash of this seal and the hash before")
    sealed_at = models.DateTimeField(db_comment="when it was sealed")

    objects = FinalQuerySet.as_manager()

    class Meta:
        db_table = "audit_seal"
        db_table_comment = "The chain over the audit trail: one row an entry; never changed"

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"


class AuditChain(models.Model):
    """The chain's head, one row: it lets one sealer work at a time, and tells where to look for what has no seal yet."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, db_comment="always 1")
    sequence = models.BigIntegerField(default=0, db_comment="of the newest seal")
    hash = models.CharField(max_length=64, blank=True, default="", db_comment="of the newest seal")
    settled = models.BigIntegerField(default=0, db_comment="entries up to this id were sealed, late ones aside")
    looked = models.BigIntegerField(default=0, db_comment="entries up to this id were looked at again for late ones")
    looked_at = models.DateTimeField(null=True, db_comment="when they were")

    class Meta:
        db_table = "audit_chain"
        db_table_comment = "Head of the chain over the audit trail, one row"

    def __str__(self) -> str:
        return "audit trail"


class AuditVerification(models.Model):
    """One walk along the chain: asked for, gone in slices, ended with what it found."""

    asked_at = models.DateTimeField(db_comment="when it was asked for")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        db_comment="by whom, null: the service or a command",
    )
    asked_by_name = models.CharField(max_length=190, db_comment="the name at the time")
    open_key = models.PositiveSmallIntegerField(null=True, unique=True, db_comment="1 while it is open: one at a time")
    lease_until = models.DateTimeField(null=True, db_comment="until then a worker is at it")
    ended_at = models.DateTimeField(null=True, db_comment="null while it is open")
    start = models.BigIntegerField(default=1, db_comment="first seal it looks at")
    reached = models.BigIntegerField(default=0, db_comment="last seal it looked at")
    reached_hash = models.CharField(max_length=64, blank=True, default="", db_comment="that seal's hash")
    newest_entry = models.BigIntegerField(default=0, db_comment="highest id of an entry it looked at")
    checked = models.BigIntegerField(default=0, db_comment="how many entries were checked")
    found = models.BigIntegerField(default=0, db_comment="how many things are wrong")
    findings = models.JSONField(default=list, db_comment="the first of them: kind, sequence, entry, event, time, text")

    class Meta:
        db_table = "audit_verification"
        db_table_comment = "Walks along the chain over the audit trail, and what they found"
        ordering = ["-id"]
        indexes = [models.Index(fields=["ended_at"], name="audit_verified_at")]

    def __str__(self) -> str:
        return f"verification {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.open_key is not None

    @property
    def is_sound(self) -> bool:
        return not self.is_open and not self.found
