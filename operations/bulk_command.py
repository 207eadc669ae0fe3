"""What the commands inventory, baseline and backfill share: a scope, a run, and working on it until it is over."""

import sys
import time
from argparse import ArgumentParser
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from audit.actors import SYSTEM
from catalog.by_key import workflow_by_key
from catalog.errors import ServiceError
from catalog.models import Instance, Project
from catalog.release import require_fit
from definitions.numbers import is_long
from operations.choices import Outcome, RunKind, RunState
from operations.models import OperationRun
from operations.run_slice import run_slice
from operations.start import start

_SLICE = 5.0  # seconds between two lines of progress
_PAUSE = 1.0  # seconds before looking again at a run that somebody else has


class BulkCommand(BaseCommand):
    """Exit status 0: done; 1: done, and something was found or failed; 2: could not."""

    kind: ClassVar[RunKind]
    takes_workflow: ClassVar[bool] = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        scope = parser.add_mutually_exclusive_group(required=True)
        scope.add_argument("--instance", help="name of an instance: all its projects")
        scope.add_argument("--project", help="DolphinScheduler's code or the name of a governed project")
        if self.takes_workflow:
            scope.add_argument("--workflow", help="key of a governed workflow")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_fit()
            run, created = start(self.kind, **self._scope(options), actor=SYSTEM)
        except ServiceError as error:
            raise CommandError(str(error), returncode=2) from error
        if not created:
            self.stderr.write(f"{run} is open already; going on with it")
        self._work(run)
        run.refresh_from_db()
        if run.state != RunState.SUCCEEDED:
            raise CommandError(f"{run} {run.state}: {run.error_code} {run.error_text}", returncode=2)
        self.report(run, options)
        self.stderr.write(f"{run}: {run.total} workflows, {run.calls} calls, {run.seconds:.1f} s")
        if self.found_something(run):
            sys.exit(1)

    def report(self, run: OperationRun, options: dict[str, Any]) -> None:
        """Write what came of it."""
        for outcome, count in sorted(run.items.counted().items()):
            self.stdout.write(f"{outcome} {count}")
        for item in run.items.filter(outcome=Outcome.FAILED).order_by("name"):
            self.stdout.write(f"failed {item.project_name}/{item.name}: {item.error_code} {item.error_text}")

    def found_something(self, run: OperationRun) -> bool:
        return run.items.filter(outcome=Outcome.FAILED).exists()

    def _scope(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["instance"]:
            instance = Instance.objects.filter(name=options["instance"]).first()
            if instance is None:
                raise CommandError(f"No instance is called {options['instance']}.", returncode=2)
            return {"instance": instance}
        if options.get("workflow"):
            workflow = workflow_by_key(options["workflow"])
            return {"instance": workflow.project.instance, "project": workflow.project, "workflow": workflow}
        project = self._project(options["project"])
        return {"instance": project.instance, "project": project}

    def _project(self, text: str) -> Project:
        wanted = Q(code=int(text)) if is_long(text) else Q(name=text)
        found = list(Project.objects.select_related("instance").filter(wanted)[:2])
        if len(found) != 1:
            told = "No governed project has" if not found else "Several governed projects have"
            raise CommandError(f"{told} the code or name {text}.", returncode=2)
        return found[0]

    def _work(self, run: OperationRun) -> None:
        """Work on the run here; where a worker has it, or DolphinScheduler is away, look again a little later."""
        shown = -1
        while True:
            worked = run_slice(run.pk, _SLICE)
            run.refresh_from_db()
            if run.done != shown and run.listed_at is not None:
                shown = run.done
                self.stderr.write(f"{run.done}/{run.total}")
            if not run.is_open:
                return
            if not worked:
                time.sleep(_PAUSE)
