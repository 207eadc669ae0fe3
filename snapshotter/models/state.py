"""What is true of a workflow now: its published snapshot, its lock, what is expected of DolphinScheduler."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Workflow
from snapshotter.choices import LiveState
from snapshotter.models.snapshot import Snapshot
from snapshotter.models.sync import Sync


class WorkflowState(models.Model):
    """One row a workflow, changed by conditional updates only."""

    workflow = models.OneToOneField(
        Workflow, on_delete=models.PROTECT, related_name="state", primary_key=True, db_comment="the workflow"
    )
    published = models.ForeignKey(
        Snapshot,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_comment="the newest snapshot proven to be live at its publish",
    )
    last_version = models.PositiveIntegerField(default=0, db_comment="highest version number given out")
    lock = models.OneToOneField(
        Sync,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_comment="the sync that may change the workflow; null when free",
    )
    locked_at = models.DateTimeField(null=True, db_comment="since when")
    expected_online = models.BooleanField(null=True, db_comment="release state we left; null before the first look")
    expected_schedule_online = models.BooleanField(
        null=True, db_comment="schedule state we left; null without a schedule"
    )
    live_version = models.PositiveIntegerField(
        null=True,
        db_comment="DolphinScheduler's version we left, as a put back makes one; null: the published version's",
    )
    failed_version = models.PositiveIntegerField(
        null=True, db_comment="the version that failed last; the newest one failed where it is the highest given out"
    )
    live_state = models.CharField(
        max_length=16,
        choices=LiveState.choices,
        default=LiveState.NOT_COVERED,
        db_comment="how live compares with published",
    )
    checked_at = models.DateTimeField(null=True, db_comment="when live was last looked at")
    attention = models.TextField(blank=True, default="", db_comment="what a person must look at; empty when nothing")

    class Meta:
        db_table = "workflow_state"
        db_table_comment = "Present state of each workflow; changed by conditional updates"
        verbose_name = _("workflow state")
        verbose_name_plural = _("workflow states")

    def __str__(self) -> str:
        return str(self.workflow_id)

    def gone_off(self, *, online: bool, schedule_online: bool | None) -> list[str]:
        """Name what was left on and is off now: "workflow", "schedule". Equal definitions do not say that anything runs."""
        off = ["workflow"] if self.expected_online and not online else []
        return off + (["schedule"] if self.expected_schedule_online and not schedule_online else [])

    def left_version(self, published: Snapshot) -> int | None:
        """Return DolphinScheduler's version that we left: a put back makes another than the published snapshot was published as."""
        return published.dolphin_version if self.live_version is None else self.live_version

    @property
    def has_newest_failed(self) -> bool:
        """Whether the newest version is a failed publish."""
        return self.failed_version is not None and self.failed_version == self.last_version
