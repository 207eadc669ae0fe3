from typing import Any

from django.core.management.base import BaseCommand

from operations.doctor import examine


class Command(BaseCommand):
    help = "Look at settings, database, broker and every DolphinScheduler. Exit status 0: all well; 1: something to do, said with its fix."
    requires_system_checks: list[str] = []  # they are part of what is looked at

    def handle(self, *args: Any, **options: Any) -> None:
        troubles = 0
        for finding in examine():
            self.stdout.write(f"{'ok' if finding.is_ok else '!!'}  {finding.what}")
            if not finding.is_ok:
                troubles += 1
                self.stdout.write(f"    fix: {finding.fix}")
        if troubles:
            raise SystemExit(1)
