from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from catalog.say import learn
from snapshotter.words import SENTENCES


class SnapshotterConfig(AppConfig):
    name = "snapshotter"
    verbose_name = _("Snapshots")

    def ready(self) -> None:
        learn(SENTENCES)
