from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Of a snapshot: draft -> published | failed; failed -> draft on retry.

    A draft whose platform calls DolphinScheduler itself may also go draft -> unconfirmed (no word in time), and back on a late confirm.
    """

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    FAILED = "failed", _("failed")
    UNCONFIRMED = "unconfirmed", _("unconfirmed")


class Trigger(models.TextChoices):
    """What made a snapshot."""

    API = "api", _("publish by API")
    ADMIN = "admin", _("publish in the admin")
    CAPTURE = "capture", _("capture")
    BASELINE = "baseline", _("baseline")
    BACKFILL = "backfill", _("recovered from DolphinScheduler")
    BEFORE_PUBLISH = "before_publish", _("kept before it was overwritten")
    IMPORT = "import", _("import")
    ROLLBACK = "rollback", _("rollback")
    DRIFT = "drift", _("found in DolphinScheduler, made by somebody else")
    CURE = "cure", _("what a cure made of a corrupt workflow")


# What DolphinScheduler was found to hold, rather than what somebody asked to publish.
CAPTURED = (Trigger.CAPTURE, Trigger.BASELINE, Trigger.BEFORE_PUBLISH, Trigger.DRIFT, Trigger.CURE, Trigger.BACKFILL)


# What we kept of others' doing beside a publish: it has the status of a published version, but nobody published it.
BEFORE_A_PUBLISH = (
    Trigger.BEFORE_PUBLISH,
    Trigger.CURE,
)  # their numbers are above the publish's, but they were live before it
KEPT = (*BEFORE_A_PUBLISH, Trigger.DRIFT)


class LiveEffect(models.TextChoices):
    """What a failed publish left in DolphinScheduler."""

    UNTOUCHED = "untouched", _("DolphinScheduler was not changed")
    RESTORED = "restored", _("the former state was restored")
    NEW_CONTENT_LIVE = "new_content_live", _("the new content is live")
    UNKNOWN = "unknown", _("not known")


class SyncKind(models.TextChoices):
    PUBLISH = "publish", _("publish")
    CAPTURE = "capture", _("capture")
    CONFIRM = "confirm", _("confirm")


class SyncState(models.TextChoices):
    """queued -> running -> succeeded | waiting | restoring; restoring -> failed | attention; queued | waiting -> cancelled.

    A lost lease, a wait that is over and an attention that is due are claimed again, in their direction.
    """

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    WAITING = "waiting", _("waiting")
    RESTORING = "restoring", _("restoring")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    ATTENTION = "attention", _("needs attention")


TERMINAL = (SyncState.SUCCEEDED, SyncState.FAILED, SyncState.CANCELLED)
CANCELLABLE = (SyncState.QUEUED, SyncState.WAITING)
AT_WORK = (SyncState.RUNNING, SyncState.RESTORING)


class Direction(models.TextChoices):
    FORWARD = "forward", _("to the new version")
    RESTORING = "restoring", _("back to the former state")


class Online(models.TextChoices):
    """What a publish does to the workflow's release state."""

    KEEP = "keep", _("keep")
    ON = "on", _("on")
    OFF = "off", _("off")


WANTED = {Online.KEEP: None, Online.ON: True, Online.OFF: False}  # the state asked for; None: as we left it


class ScheduleChoice(models.TextChoices):
    """What a publish does to the workflow's schedule."""

    KEEP = "keep", _("keep")
    FROM_DEFINITION = "from_definition", _("as in the definition")
    OFF = "off", _("off")


class Weekday(models.IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("pending")
    DELIVERED = "delivered", _("delivered")
    GIVEN_UP = "given_up", _("given up")


class FireState(models.TextChoices):
    """unsure -> missed | ran; missed | unsure -> starting -> started | missed | unknown; unknown -> started."""

    UNSURE = "unsure", _("may have been missed")
    MISSED = "missed", _("missed")
    RAN = "ran", _("ran after all")
    STARTING = "starting", _("being started")
    STARTED = "started", _("started afterwards")
    UNKNOWN = "unknown", _("not known whether it was started")


class LiveState(models.TextChoices):
    """How live compares with published, as the latest look found it."""

    IN_SYNC = "in_sync", _("in sync")
    NOT_COVERED = "not_covered", _("not covered")
    MISSING = "missing", _("missing in DS")
    CORRUPT = "corrupt", _("corrupt in DS")
    DRIFTED = "drifted", _("drifted")
    NEWER = "newer", _("newer in DS")
    CANNOT_COMPARE = "cannot_compare", _("cannot compare")


class LineageState(models.TextChoices):
    """working -> done | failed, once for a content and a parser version."""

    WORKING = "working", _("being computed")
    DONE = "done", _("computed")
    FAILED = "failed", _("can't be computed")
