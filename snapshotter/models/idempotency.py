"""A caller's Idempotency-Key: the same request sent again gets the first one's answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Project
from snapshotter.models.snapshot import Snapshot
from snapshotter.models.sync import Sync


class IdempotencyKey(models.Model):
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="+", db_comment="keys are apart per project"
    )
    key_hash = models.CharField(max_length=64, db_comment="sha256 of the caller's key")
    request_hash = models.CharField(max_length=64, db_comment="sha256 of the whole request")
    sync = models.ForeignKey(
        Sync, null=True, on_delete=models.CASCADE, related_name="+", db_comment="what the first request started"
    )
    snapshot = models.ForeignKey(
        Snapshot,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_comment="what the first request was answered with",
    )
    created_at = models.DateTimeField(auto_now_add=True, db_comment="first use")

    class Meta:
        db_table = "idempotency_key"
        db_table_comment = "Idempotency keys of publish requests"
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["project", "key_hash"], name="idempotency_project_key")]

    def __str__(self) -> str:
        return self.key_hash[:12]
