import getpass
from typing import Any

from django.core.management.base import BaseCommand

from audit.actors import SYSTEM
from catalog.adopt_deployment import adopt_deployment
from catalog.deployment import own_identity


class Command(BaseCommand):
    help = (
        "Confirm that this deployment may write DolphinScheduler from this database. Needed after the database was moved, or "
        "SNAPSHOTTER_DEPLOYMENT_ID changed. Never run it on a copy while the original is at work."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        adopted = adopt_deployment(actor=SYSTEM, by=getpass.getuser())
        self.stdout.write(f"{'adopted' if adopted else 'ours already'}: {own_identity()}")
