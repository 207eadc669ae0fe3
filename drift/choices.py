"""Words of the drift tables."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ItemState(models.TextChoices):
    """open -> acknowledged | muted -> adopted | put_back | resolved | ignored. One that is muted opens again when its time is over."""

    OPEN = "open", pgettext_lazy("state of drift", "open")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    MUTED = "muted", _("muted")
    ADOPTED = "adopted", _("adopted")
    PUT_BACK = "put_back", pgettext_lazy("state of drift", "put back")
    RESOLVED = "resolved", pgettext_lazy("state of drift", "gone")
    IGNORED = "ignored", _("ignored")


STANDING = (ItemState.OPEN, ItemState.ACKNOWLEDGED, ItemState.MUTED)  # DolphinScheduler still differs


class Kind(models.TextChoices):
    """What is not as we left it; one item may name several. The order is that in which people are told."""

    DELETED = "deleted", _("deleted in DolphinScheduler")
    RECREATED = "recreated", _("deleted and made again under its name")
    MOVED = "moved", _("moved to another project")
    CORRUPT = "corrupt", _("corrupt in DolphinScheduler")
    QUARANTINED_LIVE = "quarantined_live", _("content in quarantine is live")
    WORKFLOW_OFF = "workflow_off", _("taken offline")
    SCHEDULE_OFF = "schedule_off", _("schedule taken off")
    WORKFLOW_ON = "workflow_on", _("put online")
    SCHEDULE_ON = "schedule_on", _("schedule put on")
    VERSION_SWITCHED = "version_switched", _("switched to an older version")
    CONTENT = "content", _("content changed")
    SCHEDULE = "schedule", _("schedule changed")
    RENAMED = "renamed", _("renamed")
    LAYOUT = "layout", _("boxes moved")


class Severity(models.TextChoices):
    """How soon somebody should look: what no longer runs or runs wrongly, what runs otherwise, what only looks otherwise."""

    HIGH = "high", pgettext_lazy("severity", "high")
    MEDIUM = "medium", pgettext_lazy("severity", "medium")
    LOW = "low", pgettext_lazy("severity", "low")


class RunState(models.TextChoices):
    """working -> done | failed. A dead worker's run is gone on with by the next one."""

    WORKING = "working", _("working")
    DONE = "done", pgettext_lazy("state of a run", "done")
    FAILED = "failed", _("failed")


NOT_LISTED: Final = (
    "not_listed"  # of an inspection: nothing is known of a project, because DolphinScheduler did not answer for it
)
LIST_REFUSED: Final = (
    "list_refused"  # DolphinScheduler refuses to list a project: its workflows can't be compared, and say so
)


class RunKind(models.TextChoices):
    """What made an inspection."""

    SCHEDULED = "scheduled", _("scheduled")
    COMMAND = "command", _("by command")
