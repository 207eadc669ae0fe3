from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RollbackConfig(AppConfig):
    name = "rollback"
    verbose_name = _("Rollback")

    def ready(self) -> None:
        from rollback.follow import follow  # needs the models
        from rollback.guard_restores import guard_restores
        from snapshotter.restore import ask_before_restoring
        from snapshotter.signals import sync_ended
        from versions.slots import history_kinds

        sync_ended.connect(follow, dispatch_uid="rollback.follow")
        ask_before_restoring(guard_restores)
        if "rollback.rollbackrequest" not in history_kinds:
            history_kinds.append("rollback.rollbackrequest")
