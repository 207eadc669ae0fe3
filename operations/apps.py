from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from catalog.say import learn
        from operations.alerts.words import KEPT  # needs the models, as do those below
        from operations.panel import address_of_run, limits_panel
        from versions.slots import trail_addresses, workflow_panels  # as does this

        if limits_panel not in workflow_panels:
            workflow_panels.append(limits_panel)
        trail_addresses["operations.operationrun"] = address_of_run
        learn(KEPT)
