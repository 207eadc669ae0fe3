from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import SYSTEM
from catalog.by_key import workflow_by_key
from catalog.errors import ServiceError
from rollback.choice_arguments import add_choice_arguments, chosen
from rollback.impact.findings import Weight, refused
from rollback.impact.impact import impact
from rollback.impact.look import look_at
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
        add_choice_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        workflow = workflow_by_key(options["key"])
        try:
            target = snapshot_named(workflow, options["version"])
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        look, because = look_at(workflow)
        found = impact(workflow, target, choices=chosen(options), reader=SYSTEM, look=look, unseen_because=because)
        self.stdout.write(f"{workflow.key}: back to v{target.version}")
        for finding in found.findings:
            self.stdout.write(f"  {_SIGNS[finding.weight]}  {finding.code}: {finding.text}")
        if refused(found.findings):
            raise SystemExit(1)
