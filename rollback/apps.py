from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RollbackConfig(AppConfig):
    name = "rollback"
    verbose_name = _("Rollback")

    def ready(self) -> None:
        from rollback.follow import follow  # needs the models
        from rollback.panel import figures, request_note, requests_panel, version_act  # as do these
        from snapshotter.signals import sync_ended
        from versions import slots

        sync_ended.connect(follow, dispatch_uid="rollback.follow")
        for place, filled in (
            (slots.workflow_panels, requests_panel),
            (slots.version_acts, version_act),
            (slots.sync_notes, request_note),
            (slots.start_figures, figures),
        ):
            if filled not in place:
                place.append(filled)  # type: ignore[arg-type]  # each place has its own kind
