from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalog.deployment import is_ours
from catalog.errors import ServiceError
from catalog.release import require_fit
from operations.retention.retain import retain, would_go
from operations.retention.retention import KINDS


class Command(BaseCommand):
    help = (
        "Delete rows that are past the days of the RETAIN settings, as the worker does hourly. --dry-run only counts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would go, delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["dry_run"] and not is_ours():
            raise CommandError("The database belongs to another deployment: nothing is deleted. See adopt_deployment.")
        try:
            require_fit()
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        counts = would_go() if options["dry_run"] else retain()
        for kind in KINDS:
            days = ", ".join(f"{name} {settings.SNAPSHOTTER[name]}" for name in kind.days)
            self.stdout.write(f"{kind.name}: {counts[kind.name]}  ({days})")
