import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import SYSTEM
from catalog.errors import NotFound, ServiceError
from catalog.models import Instance, Project
from definitions.numbers import is_long
from operations.reports.files import TABLES, text
from operations.reports.period import parse
from operations.reports.report import Report, report
from operations.reports.scope import Scope, scope_of


class Command(BaseCommand):
    help = (
        "Count a period: publishes, rollbacks, time to restore, drift, coverage. Exit status 0: counted; 2: could not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", help="2026-Q4, 2026-11, 2026-W48, a day, or 2026-11-01..2026-11-26")
        parser.add_argument("--project", help="only this one: its code, or instance/project")
        parser.add_argument("--format", choices=["text", "csv", "json"], default="text")
        parser.add_argument("--table", choices=list(TABLES), default="figures", help="of CSV; default figures")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = report(parse(options["period"]), _scope(options["project"]), reader=SYSTEM)
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(_written(found, options["format"], options["table"]).rstrip("\n"))


def _written(found: Report, form: str, table: str) -> str:
    if form == "json":
        return json.dumps(found.as_json(), ensure_ascii=False, indent=2)
    return TABLES[table](found).removeprefix("\ufeff") if form == "csv" else text(found)


def _scope(name: str | None) -> Scope:
    """Return what to count: of a project's code or its name. Raises NotFound."""
    if name is None:
        return scope_of(SYSTEM)
    instance, _slash, project = name.partition("/")
    rows = Project.objects.filter(instance__in=Instance.objects.filter(name=instance), name=project)
    if is_long(name):
        rows = Project.objects.filter(code=int(name))
    found = rows.first()
    if found is None:
        raise NotFound("No governed project has this code or name.")
    return scope_of(SYSTEM, project=found.pk)
