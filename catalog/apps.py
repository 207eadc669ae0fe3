from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from catalog.say import learn
from catalog.words import SENTENCES


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("DolphinScheduler")

    def ready(self) -> None:
        from catalog import signals  # noqa: F401  registering needs the models
        from catalog.deployment import note_first  # needs the models too
        from catalog.groups import make_groups  # so does this
        from catalog.sign_in.session import limit_session  # and this

        learn(SENTENCES)
        post_migrate.connect(make_groups, dispatch_uid="catalog.make_groups")
        user_logged_in.connect(limit_session, dispatch_uid="catalog.limit_session")
        post_migrate.connect(note_first, sender=self, dispatch_uid="catalog.note_first")
