"""Codes of a workflow that was made anew in DolphinScheduler: what it was called before, and what its tasks are called now."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Workflow


class TaskAlias(models.Model):
    """One task whose code in DolphinScheduler is not the one it is known by here."""

    workflow = models.ForeignKey(
        Workflow, on_delete=models.PROTECT, related_name="task_aliases", db_comment="its workflow"
    )
    code = models.BigIntegerField(db_comment="code of the task in DolphinScheduler now")
    origin_code = models.BigIntegerField(db_comment="its first code: what hashes, versions and comparisons know it by")

    class Meta:
        db_table = "workflow_task_alias"
        db_table_comment = "Tasks that were made anew under another code; none where code and origin are the same"
        verbose_name = _("task made anew")
        verbose_name_plural = _("tasks made anew")
        constraints = [
            models.UniqueConstraint(fields=["workflow", "code"], name="task_alias_code"),
            models.UniqueConstraint(fields=["workflow", "origin_code"], name="task_alias_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.origin_code}"


class FormerCode(models.Model):
    """A code the workflow had in DolphinScheduler and has no more. Others may still name it. The first one is its origin code."""

    workflow = models.ForeignKey(
        Workflow, on_delete=models.PROTECT, related_name="former_codes", db_comment="its workflow"
    )
    code = models.BigIntegerField(db_comment="code in DolphinScheduler until then")
    left_at = models.DateTimeField(auto_now_add=True, db_comment="when another code took its place")

    class Meta:
        db_table = "workflow_former_code"
        db_table_comment = "Codes of workflows that were deleted in DolphinScheduler and made anew"
        verbose_name = _("former code")
        verbose_name_plural = _("former codes")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workflow", "code"], name="former_code_workflow")]
        indexes = [models.Index(fields=["code"], name="former_code_code")]

    def __str__(self) -> str:
        return str(self.code)
