from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from operations.panel import limits_panel  # needs the models
        from versions.slots import workflow_panels  # as does this

        if limits_panel not in workflow_panels:
            workflow_panels.append(limits_panel)
