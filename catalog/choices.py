from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """What we may do in a project."""

    OFF = "off", _("off: nothing is done")
    RECORD = "record", _("record: snapshots are taken, DolphinScheduler is never written")
    PUBLISH = "publish", _("publish: DolphinScheduler is brought to what is published")
