from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SnapshotterConfig(AppConfig):
    name = "snapshotter"
    verbose_name = _("Snapshots")
