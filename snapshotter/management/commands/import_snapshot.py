from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import SYSTEM
from catalog.errors import ServiceError
from catalog.models import Project
from catalog.release import require_fit
from definitions import strict_json
from definitions.errors import DefinitionError, InvalidDefinition
from snapshotter.choices import Trigger
from snapshotter.import_snapshot import import_snapshot
from snapshotter.make_snapshot import Origin


class Command(BaseCommand):
    help = "Store a definition file (DolphinScheduler's form, DagData or c1) as a version. DolphinScheduler is not touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", required=True, type=int, help="DolphinScheduler's project code")
        parser.add_argument("--key", required=True, help="workflow key")
        parser.add_argument("--message", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(code=options["project"]).first()
        if project is None:
            raise CommandError(f"No governed project has the code {options['project']}.", returncode=2)
        try:
            require_fit()
            definition = strict_json.loads(options["file"].read_bytes())
            if not isinstance(definition, dict):
                raise InvalidDefinition("the file must hold one JSON object", path="")
            snapshot, created = import_snapshot(
                definition,
                project=project,
                workflow_key=options["key"],
                origin=Origin(trigger=Trigger.IMPORT, message=options["message"], trigger_ref=options["file"].name),
                actor=SYSTEM,
            )
        except (DefinitionError, ServiceError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{snapshot} {snapshot.content_hash}" if created else f"{snapshot} holds this already")
