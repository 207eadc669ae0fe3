from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RollbackConfig(AppConfig):
    name = "rollback"
    verbose_name = _("Rollback")

    def ready(self) -> None:
        from rollback.follow import follow  # needs the models, as do all below
        from rollback.guard_put_backs import guard_put_backs
        from rollback.guard_restores import guard_restores
        from rollback.panel import figures, request_note, requests_panel, trail_address, version_act
        from snapshotter import put_back
        from snapshotter.lost import restore
        from snapshotter.signals import sync_ended
        from versions import slots

        sync_ended.connect(follow, dispatch_uid="rollback.follow")
        restore.GUARDS.add(guard_restores)
        put_back.GUARDS.add(guard_put_backs)
        for place, filled in (
            (slots.workflow_panels, requests_panel),
            (slots.version_acts, version_act),
            (slots.sync_notes, request_note),
            (slots.start_figures, figures),
            (slots.history_kinds, "rollback.rollbackrequest"),
        ):
            if filled not in place:
                place.append(filled)  # type: ignore[arg-type]  # each place has its own kind
        slots.trail_addresses["rollback.rollbackrequest"] = trail_address
