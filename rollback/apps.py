from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RollbackConfig(AppConfig):
    name = "rollback"
    verbose_name = _("Rollback")
