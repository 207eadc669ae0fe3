"""Which workflows a content runs or waits for: derived, to find who depends on a workflow."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from snapshotter.managers import ContentReferenceQuerySet


class ContentReference(models.Model):
    """One task's reference to another workflow. `content_lineage.has_references` says whether a content has been read."""

    content_hash = models.CharField(_("content hash"), max_length=64, db_comment="of workflow_definition_content")
    task = models.BigIntegerField(db_comment="code of the task that refers")
    task_name = models.CharField(max_length=200, db_comment="its name, cut to 200 characters")
    kind = models.CharField(max_length=16, db_comment="sub_workflow: it is run; dependency: it is waited for")
    workflow = models.BigIntegerField(db_comment="DolphinScheduler code of the workflow that is meant")
    named_task = models.BigIntegerField(
        default=0, db_comment="code of the one task that is waited for; 0: the whole workflow"
    )

    objects = ContentReferenceQuerySet.as_manager()

    class Meta:
        db_table = "content_reference"
        db_table_comment = "Workflows that contents run or wait for: derived, can be made again"
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        constraints = [
            models.UniqueConstraint(
                fields=["content_hash", "task", "kind", "workflow", "named_task"], name="content_reference_once"
            )
        ]
        indexes = [models.Index(fields=["workflow", "content_hash"], name="content_reference_workflow")]

    def __str__(self) -> str:
        return f"{self.kind} {self.workflow}"
