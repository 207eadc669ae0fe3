"""Work on many workflows: a run, one item per workflow, and what an inventory found about each.

The rows are the truth: a worker takes pending items one by one and writes what became of each together with its effect, so that a
worker that dies loses nothing and doubles nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Instance, Project, Workflow
from operations.alerts import models as alerts  # noqa: F401  tables of this app too
from operations.choices import OPEN, RESUMABLE, Level, Outcome, RunKind, RunState
from operations.managers import ItemQuerySet, RunQuerySet
from operations.metrics.models import DurationTotal, EventTotal, MetricPlace, WorkerBeat  # noqa: F401  Django looks here
from operations.retention.models import RetentionMark  # noqa: F401  as are these

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class OperationRun(models.Model):
    """An inventory, a baseline or a back-fill, of one workflow, one project or a whole instance."""

    kind = models.CharField(
        _("kind"), max_length=10, choices=RunKind.choices, db_comment="inventory, baseline or backfill"
    )
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="+", verbose_name=_("instance"), db_comment="whose workflows"
    )
    project = models.ForeignKey(
        Project,
        null=True,
        on_delete=models.PROTECT,
        related_name="runs",
        verbose_name=_("project"),
        db_comment="only this project; null: the whole instance",
    )
    workflow = models.ForeignKey(
        Workflow,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("workflow"),
        db_comment="only this workflow; null: all",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=RunState.choices, default=RunState.QUEUED, db_comment="where it stands"
    )
    # Unique where set: one open run of a kind and scope. MySQL has no partial index.
    open_key = models.CharField(  # noqa: DJ001  null, not "": many ended runs have none
        max_length=64, null=True, unique=True, db_comment="kind and scope while open; null when ended"
    )
    listed_at = models.DateTimeField(null=True, db_comment="when the items were listed; null before")
    total = models.PositiveIntegerField(_("workflows"), default=0, db_comment="items listed")
    done = models.PositiveIntegerField(_("done"), default=0, db_comment="items ended")
    calls = models.PositiveIntegerField(_("calls"), default=0, db_comment="calls made to DolphinScheduler")
    seconds = models.FloatField(_("seconds"), default=0.0, db_comment="time workers spent, in seconds")
    lease_until = models.DateTimeField(null=True, db_comment="the worker's claim ends here, by the database's clock")
    attempt = models.PositiveIntegerField(default=0, db_comment="claims so far; fences an older worker")
    due_at = models.DateTimeField(null=True, db_comment="when a waiting run goes on")
    setbacks = models.PositiveIntegerField(default=0, db_comment="times in a row that DolphinScheduler was away")
    error_code = models.CharField(
        _("error code"), max_length=64, blank=True, default="", db_comment="why it waits or failed"
    )
    error_text = models.TextField(_("error"), blank=True, default="", db_comment="the same in words")
    actor: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "auth.User",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("actor"),
        db_comment="who asked",
    )
    actor_name = models.CharField(_("actor"), max_length=190, db_comment="name at the time")
    request_id = models.CharField(_("request id"), max_length=64, blank=True, default="", db_comment="correlation id")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_comment="when it was asked for")
    started_at = models.DateTimeField(_("started at"), null=True, db_comment="first claim")
    finished_at = models.DateTimeField(_("finished at"), null=True, db_comment="end")

    objects = RunQuerySet.as_manager()

    class Meta:
        db_table = "operation_run"
        db_table_comment = "Inventories, baselines and back-fills"
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="operation_run_state_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_resumable(self) -> bool:
        return self.state in RESUMABLE

    @property
    def scope_name(self) -> str:
        """What it covers, as text."""
        return str(self.workflow or self.project or self.instance)


class OperationItem(models.Model):
    """One workflow of a run."""

    run = models.ForeignKey(OperationRun, on_delete=models.CASCADE, related_name="items", db_comment="its run")
    project = models.ForeignKey(
        Project, null=True, on_delete=models.PROTECT, related_name="+", db_comment="its project; null: not governed"
    )
    project_code = models.BigIntegerField(_("project code"), db_comment="DolphinScheduler's project code")
    project_name = models.CharField(_("project"), max_length=255, db_comment="project name when listed")
    workflow_code = models.BigIntegerField(_("code"), db_comment="code in DolphinScheduler")
    name = models.CharField(_("name"), max_length=255, db_comment="workflow name when listed")
    listing = models.JSONField(
        default=dict, db_comment="what the cheap lists told: version, release state, last change, lineage"
    )
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        choices=Outcome.choices,
        default=Outcome.PENDING,
        db_comment="pending, or how it ended",
    )
    tries = models.PositiveIntegerField(default=0, db_comment="times that DolphinScheduler gave up on this one alone")
    error_code = models.CharField(_("error code"), max_length=64, blank=True, default="", db_comment="of a failure")
    error_text = models.TextField(_("error"), blank=True, default="", db_comment="of a failure, in words")
    result = models.JSONField(default=dict, db_comment="what came of it, such as the versions recovered and lost")
    finished_at = models.DateTimeField(_("finished at"), null=True, db_comment="end")

    objects = ItemQuerySet.as_manager()

    class Meta:
        db_table = "operation_item"
        db_table_comment = "One workflow of a run"
        verbose_name = _("workflow")
        verbose_name_plural = _("workflows")
        ordering = ["run", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "workflow_code"], name="operation_item_run_workflow")]
        indexes = [models.Index(fields=["run", "outcome"], name="operation_item_run_outcome")]

    def __str__(self) -> str:
        return self.name


class InventoryRow(models.Model):
    """What an inventory found about one workflow. Times as DolphinScheduler prints them, in its own zone."""

    item = models.OneToOneField(
        OperationItem, on_delete=models.CASCADE, related_name="found", primary_key=True, db_comment="its item"
    )
    workflow = models.ForeignKey(
        Workflow,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_comment="its governed row; null: not governed",
    )
    exists = models.BooleanField(default=True, db_comment="whether DolphinScheduler has it")
    online = models.BooleanField(_("online"), null=True, db_comment="release state; null where not known")
    schedules = models.PositiveIntegerField(
        _("schedules"), default=0, db_comment="schedule rows; more than one is a fault"
    )
    schedule_online = models.BooleanField(_("schedule"), null=True, db_comment="schedule state; null without one")
    crontab = models.CharField(_("cron"), max_length=255, blank=True, default="", db_comment="of the schedule")
    dolphin_version = models.PositiveIntegerField(
        _("DolphinScheduler version"), null=True, db_comment="version live now"
    )
    versions_kept = models.PositiveIntegerField(
        _("versions kept"), null=True, db_comment="rows of DolphinScheduler's version log"
    )
    task_count = models.PositiveIntegerField(_("tasks"), null=True, db_comment="tasks of the live version")
    task_types = models.JSONField(_("task types"), default=dict, db_comment="count by type")
    tables_read = models.PositiveIntegerField(_("tables read"), null=True, db_comment="null: too large to be read here")
    tables_written = models.PositiveIntegerField(_("tables written"), null=True, db_comment="as tables_read")
    tasks_unknown = models.PositiveIntegerField(
        _("tasks not known"), null=True, db_comment="tasks of whose tables something is not known"
    )
    size = models.PositiveIntegerField(_("size"), null=True, db_comment="bytes of the canonical definition")
    changed_at = models.CharField(
        _("changed at"), max_length=32, blank=True, default="", db_comment="last change, server's zone"
    )
    changed_by = models.CharField(
        _("changed by"), max_length=255, blank=True, default="", db_comment="who made it, where told"
    )
    upstream = models.JSONField(_("upstream"), default=list, db_comment="workflow codes it waits for")
    downstream = models.JSONField(_("downstream"), default=list, db_comment="workflow codes that wait for it")
    temporary = models.BooleanField(
        _("temporary"), default=False, db_comment="kept out by the project's name patterns, so not missing a version"
    )
    snapshots = models.PositiveIntegerField(_("versions held"), default=0, db_comment="published versions we hold")
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level.choices, default=Level.NONE, db_comment="gravest finding, 0 none to 3 blocks rollback"
    )
    risks = models.JSONField(_("risks"), default=list, db_comment="findings: code and arguments")
    limits = models.JSONField(
        _("rollback limits"), default=dict, db_comment="DolphinScheduler versions held, recoverable, lost, unsure"
    )

    class Meta:
        db_table = "inventory_row"
        db_table_comment = "What an inventory found about each workflow"
        verbose_name = _("inventory row")
        verbose_name_plural = _("inventory rows")

    def __str__(self) -> str:
        return str(self.item)

    @property
    def is_covered(self) -> bool:
        return self.snapshots > 0

    @property
    def types(self) -> list[tuple[str, Any]]:
        return sorted(self.task_types.items())
