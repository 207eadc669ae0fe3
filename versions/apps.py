from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from catalog.say import learn
from versions.words import SENTENCES


class VersionsConfig(AppConfig):
    name = "versions"
    verbose_name = _("Versions")

    def ready(self) -> None:
        learn(SENTENCES)
