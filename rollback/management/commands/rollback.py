import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from catalog.by_key import workflow_by_key
from catalog.errors import ServiceError
from catalog.release import require_fit
from dolphin.errors import DolphinError
from rollback.choice_arguments import add_choice_arguments, chosen
from rollback.choices import Act, Category
from rollback.errors import NotAcknowledged
from rollback.execute import execute
from rollback.models import RollbackRequest
from rollback.one_look import OneLook
from rollback.submit import Ask, submit
from snapshotter.choices import SyncState
from snapshotter.models import Sync
from snapshotter.work import run_one
from versions.comparison import snapshot_named

_PAUSE = 0.5  # seconds between looks


class Command(BaseCommand):
    help = (
        "Ask for a rollback as a named person, and execute it where their rights and the project's rules allow. "
        "Exit status 0: done, or asked for; 1: executed and failed, or needs attention; 2: could not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="key of a governed workflow")
        parser.add_argument("version", type=int, help="the version to go back to")
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--restore", action="store_true", help="make it anew: it was deleted in DolphinScheduler")
        act.add_argument("--put-back", action="store_true", help="the version is the published one: no new version")
        parser.add_argument("--user", required=True, help="who asks; their rights count, and the trail names them")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--category", choices=Category.values, default=Category.OTHER)
        parser.add_argument("--ticket", default="")
        add_choice_arguments(parser)
        parser.add_argument("--wait-for-runs", action="store_true", help="let running instances end first")
        parser.add_argument("--acknowledge", nargs="*", default=[], metavar="CODE", help="findings that are agreed to")
        parser.add_argument("--execute", action="store_true", help="execute it at once and wait for its end")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = _person(options["user"])
        try:
            require_fit()
            ask = _ask(options)
            look = OneLook(ask.workflow)
            request = submit(ask, actor=actor, look=look)
            self.stdout.write(f"rollback {request.pk}: {request.state}")
            if options["execute"]:
                self._wait(request, execute(_again(request), actor=actor, look=look))
        except NotAcknowledged as error:
            lines = [f"  {row['code']}: {row['text']}" for row in error.extra["findings"]]
            raise CommandError("\n".join([str(error), *lines]), returncode=2) from error
        except (ServiceError, DolphinError) as error:
            raise CommandError(f"{error.code}: {error}", returncode=2) from error

    def _wait(self, request: RollbackRequest, sync: Sync) -> None:
        """Wait for the worker; an embedded one may not run, so then this process does its work."""
        while not sync.is_finished and sync.state != SyncState.ATTENTION:
            if settings.SNAPSHOTTER["WORKER"] != "embedded" or not run_one(sync.pk):
                time.sleep(_PAUSE)
            sync.refresh_from_db()
        request.refresh_from_db()
        self.stdout.write(
            f"rollback {request.pk}: {request.state} {request.closed_code} {request.closed_text}".rstrip()
        )
        if sync.state != SyncState.SUCCEEDED:
            raise CommandError(
                f"{sync.state}: {sync.error_code} {sync.error_text} {sync.effect}".rstrip(), returncode=1
            )
        assert sync.snapshot is not None  # noqa: S101  a rollback has its draft from the start
        self.stdout.write(
            f"verified: version {sync.snapshot.version} is live and equals version {request.target.version}"
        )


def _person(name: str) -> User:
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no active user {name}.", returncode=2)
    return found


def _ask(options: dict[str, Any]) -> Ask:
    workflow = workflow_by_key(options["key"])
    return Ask(
        workflow=workflow,
        target=snapshot_named(workflow, str(options["version"])),
        reason=options["reason"],
        act=_act(options),
        category=Category(options["category"]),
        ticket=options["ticket"],
        choices=chosen(options),
        wait_for_runs=options["wait_for_runs"],
        acknowledged=tuple(options["acknowledge"]),
    )


def _act(options: dict[str, Any]) -> Act:
    if options["restore"]:
        return Act.RESTORE
    return Act.PUT_BACK if options["put_back"] else Act.ROLLBACK


def _again(request: RollbackRequest) -> RollbackRequest:
    return RollbackRequest.objects.select_related("workflow__project__instance", "project__instance", "target").get(
        pk=request.pk
    )
