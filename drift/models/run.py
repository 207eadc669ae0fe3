"""One inspection of an instance: how far it came, what it cost, and what it found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Instance, Project
from drift.choices import NOT_LISTED, RunKind, RunState
from drift.managers import InspectionRunQuerySet


class InspectionRun(models.Model):
    """Worked in slices by whoever claims it; moves by conditional update."""

    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="inspections", db_comment="the instance looked at"
    )
    project = models.ForeignKey(
        Project,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("project"),
        db_comment="the only one looked at; null: all of the instance",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=RunKind.choices, db_comment="what began it")
    state = models.CharField(
        _("state"), max_length=8, choices=RunState.choices, default=RunState.WORKING, db_comment="where it stands"
    )
    # Unique where set: one inspection of an instance at a time.
    open_key = models.BigIntegerField(null=True, unique=True, db_comment="the instance's id while working; else null")
    is_full = models.BooleanField(default=False, db_comment="whether every workflow is read whole")
    attempt = models.PositiveIntegerField(default=0, db_comment="fences off a worker whose lease ran out")
    lease_until = models.DateTimeField(null=True, db_comment="until when a worker has it")
    place = models.BigIntegerField(
        default=0, db_comment="the last workflow's id that was looked at; it goes on behind it"
    )
    started_at = models.DateTimeField(_("started at"), auto_now_add=True, db_comment="when it began")
    finished_at = models.DateTimeField(_("finished at"), null=True, db_comment="when it ended")
    seconds = models.FloatField(default=0, db_comment="time at work")
    calls = models.PositiveIntegerField(_("calls"), default=0, db_comment="calls to DolphinScheduler")
    looked_at = models.PositiveIntegerField(_("looked at"), default=0, db_comment="workflows judged")
    read_whole = models.PositiveIntegerField(_("read whole"), default=0, db_comment="of them, those read whole")
    left_out = models.PositiveIntegerField(
        _("left out"), default=0, db_comment="of them, those being changed by us or not to be read this time"
    )
    verdicts = models.JSONField(default=dict, db_comment="how many had each live state")
    opened = models.PositiveIntegerField(_("found"), default=0, db_comment="drift items opened")
    closed = models.PositiveIntegerField(_("closed"), default=0, db_comment="drift items gone by themselves")
    error_code = models.CharField(max_length=64, blank=True, default="", db_comment="our code of what stopped it")
    error_text = models.TextField(blank=True, default="", db_comment="the same in words, secrets masked")

    told_late_at = models.DateTimeField(
        null=True, db_comment="when it was told that none has ended since this one; null: not told, or one has"
    )

    objects = InspectionRunQuerySet.as_manager()

    class Meta:
        db_table = "inspection_run"
        db_table_comment = "Inspections: published versions compared with DolphinScheduler"
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-id"]
        indexes = [models.Index(fields=["instance", "finished_at"], name="inspection_run_finished")]

    def __str__(self) -> str:
        return f"{self.instance.name} {self.pk}"

    @property
    def is_good(self) -> bool:
        """Whether it ended and left no project unknown, as `ended_well` asks."""
        return self.state == RunState.DONE and self.error_code != NOT_LISTED
