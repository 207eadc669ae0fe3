from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("DolphinScheduler")

    def ready(self) -> None:
        from catalog import signals  # noqa: F401  connecting needs the models to be loaded
