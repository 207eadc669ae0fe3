"""What a run does at one workflow: take stock, capture it, or recover its past."""

import time
from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.errors import ProjectOff, ServiceError, TemporaryWorkflow
from catalog.models import Project, Workflow
from catalog.permissions import PUBLISH, require
from dolphin.client import DolphinClient
from dolphin.observe import Observation, judge
from operations import claim
from operations.choices import Outcome, RunKind
from operations.inventory.inventory import Stock, take_stock
from operations.left_out import is_left_out
from operations.models import InventoryRow, OperationItem, OperationRun
from snapshotter.aliases import aliases_at
from snapshotter.backfill import Outcome as Became
from snapshotter.backfill import backfill
from snapshotter.baseline import glance, keep
from snapshotter.capture import govern
from snapshotter.claim import LeaseLost
from snapshotter.errors import StateConflict
from snapshotter.failures import SyncFailed

_FRESH = 5.0  # seconds that a project's list of schedules serves; it is one call for all workflows
_READINGS = 3  # of a workflow that we change ourselves meanwhile


class Visit:
    """What the visits of one slice share: the client, and lists that serve many workflows."""

    def __init__(self, run: OperationRun, client: DolphinClient, spent: Callable[[], dict[str, Any]]) -> None:
        self.run, self.client, self.actor = run, client, claim.actor_of(run)
        self._spent = spent
        self.stock = Stock(run, client)
        self._schedules: dict[int, tuple[float, list[dict[str, Any]]]] = {}
        self._refused: dict[int, ServiceError | None] = {}

    def allow(self, project: Project) -> None:
        """Ask once a slice whether the starter still may: outside any transaction, so that a refusal stays in the trail."""
        if project.pk not in self._refused:
            self._refused[project.pk] = None
            try:
                require(self.actor, PUBLISH, project, event="run.refused")
            except ServiceError as error:
                self._refused[project.pk] = error
        if (refusal := self._refused[project.pk]) is not None:
            raise refusal

    def schedules(self, project: int, code: int) -> list[dict[str, Any]]:
        """Return the schedule rows of a workflow, from the project's list."""
        read_at, rows = self._schedules.get(project, (0.0, []))
        if time.monotonic() - read_at > _FRESH or not read_at:
            rows = self.client.all_schedules(project)
            self._schedules[project] = time.monotonic(), rows
        return [row for row in rows if row.get(self.client.flavour.code_key) == code]

    def observe(self, item: OperationItem) -> Observation:
        """One call, and now and then one for the schedules of the whole project."""
        raw = self.client.definition(item.project_code, item.workflow_code)
        if raw is None:
            return Observation.absent()
        rows = self.schedules(item.project_code, item.workflow_code)
        return judge(raw, rows, item.workflow_code, aliases_at(item.workflow_code))

    def end(self, item: OperationItem, outcome: Outcome, *, code: str = "", text: str = "", **result: Any) -> None:
        """Write what became of the workflow, if the run is still ours; else LeaseLost undoes the transaction."""
        with transaction.atomic():
            ended = OperationItem.objects.filter(pk=item.pk, outcome=Outcome.PENDING).update(
                outcome=outcome, error_code=code[:64], error_text=text, result=result, finished_at=timezone.now()
            )
            claim.renew(self.run, done=F("done") + ended, **self._spent())


def _inventory(visit: Visit, item: OperationItem) -> None:
    live = Observation.absent() if item.listing.get("missing") else visit.observe(item)
    rows = visit.schedules(item.project_code, item.workflow_code) if live.raw is not None else []
    row = take_stock(visit.stock, item, live, rows)
    with transaction.atomic():
        InventoryRow.objects.filter(item=item).delete()
        row.save(force_insert=True)
        visit.end(item, Outcome.SEEN)


def _baseline(visit: Visit, item: OperationItem) -> None:
    project = _governed(visit, item)
    if is_left_out(item):
        visit.end(item, Outcome.TEMPORARY)
        return
    for reading in range(1, _READINGS + 1):
        since = glance(item.workflow_code)
        live = visit.observe(item)
        if live.raw is None:
            raise SyncFailed("missing_in_dolphin", "DolphinScheduler has no such workflow any more.")
        try:
            with transaction.atomic():
                snapshot, created = keep(
                    project,
                    workflow_code=item.workflow_code,
                    name=item.name,
                    live=live,
                    since=since,
                    actor=visit.actor,
                    message=f"Baseline {visit.run.pk}",
                )
                outcome = Outcome.CAPTURED if created else Outcome.UNCHANGED
                visit.end(item, outcome, key=snapshot.workflow_id, version=snapshot.version)
            return
        except LeaseLost:
            raise
        except TemporaryWorkflow:  # renamed since it was listed
            visit.end(item, Outcome.TEMPORARY)
            return
        except StateConflict:
            if reading == _READINGS:
                raise


def _backfill(visit: Visit, item: OperationItem) -> None:
    project = _governed(visit, item)
    if is_left_out(item):
        visit.end(item, Outcome.TEMPORARY)
        return
    workflow: Workflow = govern(project, workflow_code=item.workflow_code, name=item.name, actor=visit.actor)
    became: dict[str, list[int]] = {}
    because: dict[str, str] = {}
    for told in backfill(visit.client, workflow, actor=visit.actor):
        became.setdefault(told.outcome, []).append(told.version)
        if told.outcome == Became.LOST:
            because[str(told.version)] = told.because
        claim.renew(visit.run)
    outcome = Outcome.RECOVERED if became.get(Became.RECOVERED) else Outcome.NOTHING
    visit.end(item, outcome, key=workflow.key, because=because, versions=became)


def _governed(visit: Visit, item: OperationItem) -> Project:
    """Only governed projects are listed for capturing; mode and rights may have changed since."""
    if item.project is None:
        raise ProjectOff(project=item.project_name)
    visit.allow(item.project)
    return item.project


VISITS: Final[dict[RunKind, Callable[[Visit, OperationItem], None]]] = {
    RunKind.INVENTORY: _inventory,
    RunKind.BASELINE: _baseline,
    RunKind.BACKFILL: _backfill,
}
