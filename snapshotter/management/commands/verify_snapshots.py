from typing import Any

from django.core.management.base import BaseCommand

from snapshotter.verify import verify_snapshots


class Command(BaseCommand):
    help = "Re-read all stored content and compare it with its hashes. Exit status 0: all sound; 1: damaged rows, each named."

    def handle(self, *args: Any, **options: Any) -> None:
        damaged = 0
        for damage in verify_snapshots():
            damaged += 1
            held = f", held by {', '.join(damage.versions)}" if damage.versions else ""
            self.stdout.write(f"{damage.table} {damage.row}: {damage.problem}{held}")
        if damaged:
            self.stderr.write(
                f"{damaged} damaged. Restore these rows from a backup of the database; nothing else is touched by them."
            )
            raise SystemExit(1)
        self.stdout.write("All stored content matches its hashes.")
