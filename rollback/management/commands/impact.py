from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import SYSTEM
from catalog.by_key import workflow_by_key
from catalog.errors import ServiceError
from rollback.choices_of import Choices
from rollback.impact.findings import Weight, refused
from rollback.impact.impact import impact
from rollback.impact.look import look_at
from snapshotter.choices import Online, ScheduleChoice
from versions.comparison import snapshot_named

_SIGNS = {Weight.REFUSED: "x", Weight.ACKNOWLEDGE: "!", Weight.NOTE: "-"}


class Command(BaseCommand):
    help = (
        "Say what going back to a version would meet and break: x refuses it, ! must be agreed to by its code, - is good to know. "
        "Nothing is written. Exit status 0: it can be done; 1: something refuses it; 2: there is no such version."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="key of a governed workflow")
        parser.add_argument("version", help="a version number, latest or published")
        parser.add_argument("--online", choices=Online.values, default=Online.KEEP)
        parser.add_argument("--schedule", choices=ScheduleChoice.values, default=ScheduleChoice.KEEP)
        parser.add_argument("--schedule-state", choices=Online.values, default=Online.KEEP)
        parser.add_argument("--with-name", action="store_true", help="the version's name comes back too")
        parser.add_argument("--without-layout", action="store_true", help="positions stay as they are")

    def handle(self, *args: Any, **options: Any) -> None:
        workflow = workflow_by_key(options["key"])
        try:
            target = snapshot_named(workflow, options["version"])
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        look, because = look_at(workflow)
        choices = Choices(
            online=Online(options["online"]),
            schedule=ScheduleChoice(options["schedule"]),
            schedule_state=Online(options["schedule_state"]),
            with_name=options["with_name"],
            with_layout=not options["without_layout"],
        )
        found = impact(workflow, target, choices=choices, reader=SYSTEM, look=look, unseen_because=because)
        self.stdout.write(f"{workflow.key}: back to v{target.version}")
        for finding in found.findings:
            self.stdout.write(f"  {_SIGNS[finding.weight]}  {finding.code}: {finding.text}")
        if refused(found.findings):
            raise SystemExit(1)
