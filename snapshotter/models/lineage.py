"""Lineage of contents: derived, so it can be thrown away and computed again.

A retry count changes a content, not its lineage: contents of one lineage share one body, known by its digest.
"""

import hashlib
import json
import zlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from definitions.lineage.lineage import Lineage
from snapshotter.choices import LineageState
from snapshotter.managers import ContentLineageQuerySet, LineageTableQuerySet


class LineageDamaged(Exception):
    """What is stored of a lineage is not what was computed. It is derived: no content is lost."""


class LineageBody(models.Model):
    """Tables read and written, task by task, and what is not known."""

    digest = models.CharField(max_length=64, unique=True, db_comment="sha256 of the plain JSON, hex")
    data = models.BinaryField(db_comment="zlib of canonical JSON: reads, writes, calls and unknown by task code")
    reads = models.PositiveIntegerField(_("tables read"), db_comment="distinct tables read")
    writes = models.PositiveIntegerField(_("tables written"), db_comment="distinct tables written")
    unknown_tasks = models.PositiveIntegerField(
        _("tasks not known"), db_comment="tasks of which something is not known"
    )

    class Meta:
        db_table = "lineage_body"
        db_table_comment = "Lineages by digest, shared by all contents that have the same; never updated"
        verbose_name = _("lineage")
        verbose_name_plural = _("lineages")

    def __str__(self) -> str:
        return self.digest[:12]

    @property
    def lineage(self) -> Lineage:
        """Raises LineageDamaged: `manage.py lineage --recompute` replaces it."""
        try:
            plain = zlib.decompress(bytes(self.data))
            if hashlib.sha256(plain).hexdigest() == self.digest:
                return Lineage.from_json(json.loads(plain))
        except (zlib.error, ValueError) as error:  # ValueError: a reason that only newer code knows
            raise LineageDamaged(self.digest) from error
        raise LineageDamaged(self.digest)


class LineageTable(models.Model):
    """One table of a lineage, to ask who reads what another one writes. Only names that mean the same elsewhere."""

    body = models.ForeignKey(LineageBody, on_delete=models.CASCADE, related_name="tables", db_comment="its lineage")
    is_write = models.BooleanField(db_comment="written, else read")
    system = models.CharField(
        max_length=40, db_comment="kind of database, with the data source of a bare name; or path"
    )
    name = models.CharField(max_length=300, db_comment="qualified name, or path")

    objects = LineageTableQuerySet.as_manager()

    class Meta:
        db_table = "lineage_table"
        db_table_comment = "Tables by lineage, for looking up readers and writers"
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        constraints = [
            models.UniqueConstraint(fields=["body", "is_write", "system", "name"], name="lineage_table_body_name")
        ]
        indexes = [models.Index(fields=["name"], name="lineage_table_name")]

    def __str__(self) -> str:
        return self.name


class ContentLineage(models.Model):
    """What a parser version made of a content, or that it is at it."""

    content_hash = models.CharField(_("content hash"), max_length=64, db_comment="of workflow_definition_content")
    parser_version = models.CharField(
        _("parser version"), max_length=40, db_comment="our rules and the SQL parser's version"
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=LineageState.choices,
        default=LineageState.WORKING,
        db_comment="working, done, or failed: not to be tried again with this parser",
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_comment="claims so far; fences")
    due_at = models.DateTimeField(_("due at"), db_comment="while working: when the worker counts as dead")
    problem = models.CharField(
        _("problem"), max_length=32, blank=True, default="", db_comment="of a failure: damaged, gave_up or error"
    )
    body = models.ForeignKey(
        LineageBody, null=True, on_delete=models.PROTECT, related_name="+", db_comment="the lineage; null until done"
    )

    has_references = models.BooleanField(
        null=True,
        db_comment="whether content_reference holds what it refers to; null: not looked at, false: it can't be",
    )

    objects = ContentLineageQuerySet.as_manager()

    class Meta:
        db_table = "content_lineage"
        db_table_comment = "Lineage by content and parser version: derived, can be computed again"
        verbose_name = _("lineage of a content")
        verbose_name_plural = _("lineages of contents")
        constraints = [
            models.UniqueConstraint(fields=["content_hash", "parser_version"], name="content_lineage_content")
        ]
        indexes = [models.Index(fields=["has_references"], name="content_lineage_references")]

    def __str__(self) -> str:
        return f"{self.content_hash[:12]} {self.parser_version}"
