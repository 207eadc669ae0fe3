"""What the latest whole reading of a workflow looked like from afar: while that stands, it needs no reading again."""

from django.db import models

from catalog.models import Workflow


class InspectionMark(models.Model):
    """One row a governed workflow, from its first inspection on."""

    workflow = models.OneToOneField(
        Workflow, on_delete=models.CASCADE, primary_key=True, related_name="inspection", db_comment="the workflow"
    )
    probe = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_comment="sha256 of what lists of DolphinScheduler say of it; '' unknown",
    )
    published = models.BigIntegerField(null=True, db_comment="id of the published version it was compared with")
    full_due_at = models.DateTimeField(db_comment="read whole again by then, whatever the lists say")
    failures = models.PositiveSmallIntegerField(default=0, db_comment="readings in a row that failed")
    due_at = models.DateTimeField(null=True, db_comment="not read before then, after failures; null: at once")
    error_code = models.CharField(max_length=64, blank=True, default="", db_comment="why the latest reading failed")

    class Meta:
        db_table = "inspection_mark"
        db_table_comment = "What each workflow looked like from afar when it was last read whole"

    def __str__(self) -> str:
        return str(self.workflow_id)
