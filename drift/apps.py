from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DriftConfig(AppConfig):
    name = "drift"
    verbose_name = _("Drift")

    def ready(self) -> None:
        from drift.follow import follow  # needs the models, as does all below
        from drift.panel import start_panel, trail_address, workflow_panel
        from snapshotter.signals import sync_ended
        from versions import slots

        sync_ended.connect(follow, dispatch_uid="drift.follow")
        for place, filled in (
            (slots.workflow_panels, workflow_panel),
            (slots.start_panels, start_panel),
            (slots.history_kinds, "drift.driftitem"),
        ):
            if filled not in place:
                place.append(filled)  # type: ignore[arg-type]  # each place has its own kind
        slots.trail_addresses["drift.driftitem"] = trail_address
