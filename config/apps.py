"""App configs of the project shell."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    """The shell itself: registers its system checks."""

    name = "config"

    def ready(self) -> None:
        from config import checks, checks_sign_in, schema  # noqa: F401  registering needs the apps to be loaded


class SnapshotterAdminConfig(AdminConfig):
    """Django's admin with our site in place of its own."""

    default_site = "config.admin_site.SnapshotterAdminSite"
