from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from audit.protect import CantProtect, apply, missing, statements


class Command(BaseCommand):
    help = (
        "Print the SQL of triggers that forbid UPDATE and DELETE on the audit trail, for a DBA; --apply runs it, --check looks."
        " Exit status 0: done, or all are there; 1: --check found some missing; 2: could not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--apply", action="store_true", help="run it with the service's own database user")
        act.add_argument("--check", action="store_true", help="say which are missing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self._check()
            elif options["apply"]:
                apply()
                self.stdout.write("The audit trail's rows can't be changed or deleted any more.")
            else:
                self.stdout.write("\n".join(f"{statement};" for statement in statements(connection.vendor)))
        except CantProtect as error:
            raise CommandError(str(error), returncode=2) from error

    def _check(self) -> None:
        left = missing()
        for name in left:
            self.stdout.write(f"missing: {name}")
        if left:
            raise SystemExit(1)
        self.stdout.write("all triggers are there")
