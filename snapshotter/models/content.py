"""Canonical content, stored once per distinct piece.

A version is a manifest of pieces: settings, relations and one piece a task. Versions share the pieces they have in common, so an edit of
one task adds one small row. Every piece is whole by itself: a damaged row spoils only the versions that really hold that piece.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DefinitionBlob(models.Model):
    """One piece of canonical JSON, compressed, known by the hash of its plain bytes."""

    sha256 = models.CharField(max_length=64, unique=True, db_comment="of the plain bytes, hex")
    size = models.PositiveIntegerField(db_comment="plain bytes")
    data = models.BinaryField(db_comment="zlib")

    class Meta:
        db_table = "workflow_definition_blob"
        db_table_comment = "Pieces of canonical JSON shared by all versions; never updated"
        verbose_name = _("piece of content")
        verbose_name_plural = _("pieces of content")

    def __str__(self) -> str:
        return self.sha256[:12]


class DefinitionContent(models.Model):
    """What one content hash stands for: definitions and relations."""

    content_hash = models.CharField(max_length=64, unique=True, db_comment="sha256 over definitions and relations")
    scheme = models.CharField(max_length=8, db_comment="canonical scheme the hash is made by")
    size = models.PositiveIntegerField(db_comment="canonical bytes of definitions and relations")
    task_count = models.PositiveIntegerField(db_comment="number of tasks")
    manifest = models.BinaryField(
        db_comment="zlib of varints: ids of settings, relations and task pieces, as differences"
    )

    class Meta:
        db_table = "workflow_definition_content"
        db_table_comment = "Contents by hash, as manifests of pieces; never updated"
        verbose_name = _("content")
        verbose_name_plural = _("contents")

    def __str__(self) -> str:
        return self.content_hash[:12]
