from django.db import models
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    """What is done to every workflow of a project or an instance."""

    INVENTORY = "inventory", _("inventory")
    BASELINE = "baseline", _("baseline")
    BACKFILL = "backfill", _("back-fill")


class RunState(models.TextChoices):
    """queued -> running -> queued (another slice) | waiting (DolphinScheduler is away) | succeeded | failed; all open ones -> cancelled.

    failed | cancelled -> queued when a person resumes it.
    """

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    WAITING = "waiting", _("waiting")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)
RESUMABLE = (RunState.FAILED, RunState.CANCELLED)


class Outcome(models.TextChoices):
    """Of one workflow in a run."""

    PENDING = "pending", _("to do")
    SEEN = "seen", _("looked at")
    CAPTURED = "captured", _("captured")
    UNCHANGED = "unchanged", _("unchanged")
    RECOVERED = "recovered", _("recovered")
    NOTHING = "nothing", _("nothing to recover")
    TEMPORARY = "temporary", _("temporary")  # left out: nobody means to keep it
    FAILED = "failed", _("failed")


class Level(models.IntegerChoices):
    """How much a finding matters to a rollback."""

    NONE = 0, _("none")
    NOTE = 1, _("note")
    WARNING = 2, _("warning")
    BLOCKS = 3, _("blocks rollback")
