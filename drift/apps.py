from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DriftConfig(AppConfig):
    name = "drift"
    verbose_name = _("Drift")

    def ready(self) -> None:
        from drift.follow import follow  # needs the models
        from snapshotter.signals import sync_ended

        sync_ended.connect(follow, dispatch_uid="drift.follow")
