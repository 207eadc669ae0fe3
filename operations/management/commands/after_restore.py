import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import SYSTEM
from catalog.errors import ServiceError
from catalog.release import require_fit
from operations.after_restore import Restored, after_restore

_NEXT = """
Nothing is written to DolphinScheduler from this database now. Next, as docs/backup.md says:
  start web, worker and beat; manage.py inspect --instance NAME --full for each instance; adopt what DolphinScheduler holds, or leave it;
  look at the syncs above; then manage.py adopt_deployment."""


class Command(BaseCommand):
    help = (
        "Run it once on a database that was restored from a backup, before any worker: marks it, so that nothing is written to "
        "DolphinScheduler until adopt_deployment, ends what was queued then, and says what to look at. Exit status 0: done; 2: could not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="this database was restored, and no process is at work")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"]:
            raise CommandError("It holds all publishes and ends those that are queued. Say --yes.", returncode=2)
        try:
            require_fit()
            self._say(after_restore(actor=SYSTEM, by=getpass.getuser()))
        except ServiceError as error:
            raise CommandError(f"{error.code}: {error}", returncode=2) from error

    def _say(self, found: Restored) -> None:
        self.stdout.write(
            f"The backup ends at about {found.newest:%Y-%m-%d %H:%M:%S}Z." if found.newest else "It is empty."
        )
        for sync in found.ended:
            self.stdout.write(f"ended, nothing had been sent: sync {sync.pk} {sync.kind} {sync.workflow}")
        for request in found.rollbacks.requests:
            self.stdout.write(f"ended, to be asked for again: request {request.pk} {request.act} {request.workflow}")
        for item in found.rollbacks.items:
            self.stdout.write(f"ended, goes no further: rollback of many {item.batch_id} {item.workflow}")
        for sync in found.open:
            self.stdout.write(
                f"open, judged by what DolphinScheduler shows: sync {sync.pk} {sync.kind} {sync.workflow} {sync.state}"
            )
        if found.messages:
            self.stdout.write(
                f"{found.messages} messages wait; some may have been sent already, with the same delivery id"
            )
        self.stdout.write(_NEXT.strip())
