from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RollbackConfig(AppConfig):
    name = "rollback"
    verbose_name = _("Rollback")

    def ready(self) -> None:
        from rollback.follow import follow  # needs the models
        from snapshotter.signals import sync_ended

        sync_ended.connect(follow, dispatch_uid="rollback.follow")
