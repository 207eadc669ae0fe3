from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import SYSTEM
from catalog.errors import ServiceError
from catalog.models import Project
from catalog.release import require_fit
from catalog.service_accounts import ROLES, issue_token


class Command(BaseCommand):
    help = "Make a service account (or use it) and print a new token for the API. The token can't be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="small letters, digits and '-'; the account is svc-NAME")
        parser.add_argument("--project", required=True, type=int, help="DolphinScheduler's project code")
        parser.add_argument("--role", choices=sorted(ROLES), default="publish")
        parser.add_argument("--days", type=int, default=90)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_fit()
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        project = Project.objects.filter(code=options["project"]).first()
        if project is None:
            raise CommandError(f"No governed project has the code {options['project']}.", returncode=2)
        try:
            token = issue_token(
                options["name"], project=project, role=options["role"], days=options["days"], actor=SYSTEM
            )
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(token)
