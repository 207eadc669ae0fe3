"""One workflow of a rollback of many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Workflow
from rollback.batch_managers import BatchItemQuerySet
from rollback.choices import ItemState
from rollback.models.batch import RollbackBatch
from rollback.models.request import RollbackRequest
from snapshotter.models import Snapshot

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class BatchItem(models.Model):
    """Moves by conditional update. A worker's claim is a lease by the database's clock, fenced by the attempt number."""

    batch = models.ForeignKey(
        RollbackBatch, on_delete=models.PROTECT, related_name="items", db_comment="the rollback of many"
    )
    workflow = models.ForeignKey(
        Workflow,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("workflow"),
        db_comment="what is brought back",
    )
    position = models.PositiveIntegerField(_("position"), db_comment="order within the batch, children first")
    uses = models.JSONField(
        default=list, db_comment="ids of workflows of the batch that it uses; they are brought back before it"
    )
    target = models.ForeignKey(
        Snapshot,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("target"),
        db_comment="the version to go back to",
    )
    seen = models.ForeignKey(
        Snapshot,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published then"),
        db_comment="published version when it was chosen",
    )
    bad = models.JSONField(_("taken back"), default=list, db_comment="numbers of the versions that fit the criteria")
    state = models.CharField(
        _("state"), max_length=10, choices=ItemState.choices, default=ItemState.WAITING, db_comment="where it stands"
    )
    request = models.OneToOneField(
        RollbackRequest,
        null=True,
        on_delete=models.PROTECT,
        related_name="batch_item",
        verbose_name=_("request"),
        db_comment="its own request; null before",
    )
    code = models.CharField(
        _("code"), max_length=64, blank=True, default="", db_comment="why it was left out, waits or was not executed"
    )
    text = models.TextField(_("text"), blank=True, default="", db_comment="the same in words, secrets masked")
    findings = models.JSONField(
        _("findings"), default=list, db_comment="findings that stood in the way: code, weight, values"
    )
    goes_alone = models.BooleanField(
        _("goes on alone"), default=False, db_comment="whether a person lets it go before the workflows it uses"
    )
    ordered_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User", null=True, on_delete=models.SET_NULL, related_name="+", db_comment="who had it executed"
    )
    lease_until = models.DateTimeField(null=True, db_comment="a worker's claim ends here, by the database's clock")
    attempt = models.PositiveIntegerField(default=0, db_comment="claims so far; fences an older worker")
    tries = models.PositiveIntegerField(default=0, db_comment="times in a row that something passing stood in the way")
    due_at = models.DateTimeField(null=True, db_comment="when it is tried again; null: at once")
    changed_at = models.DateTimeField(_("changed at"), auto_now=True, db_comment="when the state changed last")

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        db_table = "rollback_batch_item"
        db_table_comment = "One workflow of a rollback of many"
        verbose_name = _("workflow of a rollback of many")
        verbose_name_plural = _("workflows of rollbacks of many")
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "workflow"], name="rollback_item_workflow")]
        indexes = [models.Index(fields=["state", "due_at"], name="rollback_item_due")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.workflow_id}"
