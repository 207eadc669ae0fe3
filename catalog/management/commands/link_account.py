from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import SYSTEM
from catalog.errors import ServiceError
from catalog.release import require_fit
from catalog.sign_in.admit import WAITS
from catalog.sign_in.choices import Source
from catalog.sign_in.link_account import link_account


class Command(BaseCommand):
    help = "Give an account to whoever signs in next under its name by LDAP or OIDC. Its rights stay, its own password ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the account's user name, as it is written")
        parser.add_argument("--source", choices=Source.values, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_fit()
            account = link_account(options["name"], source=Source(options["source"]), actor=SYSTEM)
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{account} waits for its next sign-in by {options['source']}, {WAITS.days} days at most")
