import json
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q, QuerySet

from audit.actors import SYSTEM
from catalog.by_key import workflow_by_key
from catalog.errors import ServiceError
from catalog.models import Instance, Project, Workflow
from catalog.release import require_fit
from definitions.numbers import is_long
from definitions.secrets import mask_text
from dolphin.errors import DolphinError
from drift.check import check
from drift.choices import ItemState, RunKind, RunState
from drift.inspection.claim import begin, watched
from drift.inspection.inspect import inspect_slice
from drift.models import DriftItem, InspectionRun
from snapshotter.choices import LiveState

_SLICE = 10.0  # seconds between two looks
_PAUSE = 1.0  # seconds before looking again at an inspection that somebody else has


class Command(BaseCommand):
    help = (
        "Compare what was published with what DolphinScheduler holds now, and name what differs, one line a workflow; muted "
        "drift is counted only. DolphinScheduler is only read. Without a scope: all instances. "
        "Exit status 0: nothing; 1: drift; 2: could not look, at some of it at least."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        scope = parser.add_mutually_exclusive_group()
        scope.add_argument("--instance", help="name of an instance: all its projects")
        scope.add_argument("--project", help="DolphinScheduler's code or the name of a governed project")
        scope.add_argument("--workflow", help="key of a governed workflow")
        parser.add_argument("--full", action="store_true", help="read every workflow whole, whatever the lists say")
        parser.add_argument("--format", choices=("text", "json"), default="text", help="json: one object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_fit()
            rows, problems = self._look(options)
        except (DolphinError, ServiceError) as error:
            raise CommandError(f"{error.code}: {error}", returncode=2) from error
        items = DriftItem.objects.standing().filter(rows).select_related("workflow__project__instance").order_by("pk")
        told = [item for item in items if item.state != ItemState.MUTED]
        for item in told:
            self.stdout.write(_as_json(item) if options["format"] == "json" else _line(item))
        self.stderr.write(f"{len(told)} drifted, {len(items) - len(told)} muted")
        if problems:
            raise CommandError("; ".join(problems), returncode=2)
        if told:
            sys.exit(1)

    def _look(self, options: dict[str, Any]) -> tuple[Q, list[str]]:
        """Look, and return where to look for items, and what could not be looked at."""
        if options["workflow"]:
            workflow = workflow_by_key(options["workflow"])
            return Q(workflow=workflow), _checked(workflow)
        if options["project"]:
            project = _project(options["project"])
            return Q(workflow__project=project), self._inspect(project.instance, project, options["full"])
        instances = _instances(options["instance"])
        problems = [text for one in instances for text in self._inspect(one, None, options["full"])]
        return Q(workflow__project__instance__in=instances), problems

    def _inspect(self, instance: Instance, project: Project | None, is_full: bool) -> list[str]:
        """Work on an inspection until it has ended; one that is open already is ended first."""
        while True:
            run, created = begin(instance, kind=RunKind.COMMAND, project=project, is_full=is_full)
            while InspectionRun.objects.filter(pk=run.pk, state=RunState.WORKING).exists():
                if not inspect_slice(run.pk, _SLICE):
                    time.sleep(_PAUSE)
            if created:
                run.refresh_from_db()
                return self._told(run)

    def _told(self, run: InspectionRun) -> list[str]:
        self.stderr.write(
            f"{run.instance.name}: {run.looked_at} looked at, {run.read_whole} read whole, {run.left_out} left out, "
            f"{run.calls} calls, {run.seconds:.1f} s"
        )
        problems = [f"{run.instance.name}: {run.error_code} {run.error_text}"] if run.error_code else []
        unknown = run.verdicts.get(LiveState.CANNOT_COMPARE, 0)
        problems += [f"{run.instance.name}: {unknown} can't be compared"] if unknown else []
        return problems + ([f"{run.instance.name}: {run.left_out} left out"] if run.left_out else [])


def _checked(workflow: Workflow) -> list[str]:
    code, text = check(workflow, actor=SYSTEM).judgement.problem
    return [f"{code}: {text}"] if code else []


def _instances(name: str | None) -> "QuerySet[Instance]":
    if not name:
        return watched()  # one that is paused is told, not passed by
    found = Instance.objects.filter(name=name)
    if not found:
        raise CommandError(f"No instance is called {name}.", returncode=2)
    return found


def _project(text: str) -> Project:
    wanted = Q(code=int(text)) if is_long(text) else Q(name=text)
    found = list(Project.objects.select_related("instance").filter(wanted)[:2])
    if len(found) != 1:
        told = "Several governed projects are" if found else "No governed project is"
        raise CommandError(f"{told} called {text}.", returncode=2)
    return found[0]


def _line(item: DriftItem) -> str:
    kinds = ", ".join(item.kinds)
    counts = {key: count for key, count in item.summary.items() if type(count) is int and count and key != "base"}
    changes = " ".join(f"{key}={count}" for key, count in counts.items())
    by = f" by {item.actor_name}" if item.actor_name else ""
    text = f"{item.severity:6} {item.live_state:8} {item.workflow.key}  {kinds}  {changes}".rstrip()
    return mask_text(f"{text}  since {item.first_seen_at:%Y-%m-%dT%H:%M:%SZ}{by}")


def _as_json(item: DriftItem) -> str:
    found = {
        "item": item.pk,
        "workflow": item.workflow.key,
        "project": item.workflow.project.scope,
        "live_state": item.live_state,
        "kinds": item.kinds,
        "severity": item.severity,
        "summary": item.summary,
        "state": item.state,
        "first_seen_at": item.first_seen_at.isoformat(),
        "likely_by": item.actor_name,
        "likely_at": item.acted_at.isoformat() if item.acted_at else None,
    }
    return json.dumps(found, ensure_ascii=False)
