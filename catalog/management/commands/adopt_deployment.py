import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import SYSTEM
from catalog.adopt_deployment import adopt_deployment
from catalog.deployment import own_identity
from catalog.errors import ServiceError
from catalog.release import require_fit


class Command(BaseCommand):
    help = (
        "Confirm that this deployment may write DolphinScheduler from this database. Needed after the database was moved, or "
        "SNAPSHOTTER_DEPLOYMENT_ID changed. Never run it on a copy while the original is at work."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_fit()
            adopted = adopt_deployment(actor=SYSTEM, by=getpass.getuser())
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{'adopted' if adopted else 'ours already'}: {own_identity()}")
