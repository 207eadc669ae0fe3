"""Taking stock of one workflow: facts from what DolphinScheduler shows, coverage from what we hold, risks, rollback limits.

At most three calls a workflow: the definition (made by the caller), how many versions are kept, and the newest runs where old versions
are not held by a snapshot.
"""

from collections import Counter, defaultdict
from typing import Any

from catalog.models import Workflow
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from dolphin.observe import Observation
from operations.inventory.limits import Limits, judge_limits
from operations.inventory.risks import Surroundings, find, gravest
from operations.inventory.tables import count_tables
from operations.left_out import is_left_out
from operations.listing import governed_by_code
from operations.models import InventoryRow, OperationItem, OperationRun
from snapshotter.backfill import held_versions
from snapshotter.models import Snapshot

Json = dict[str, Any]


class Stock:
    """What many workflows are judged against, read once a slice and only when asked for."""

    def __init__(self, run: OperationRun, client: DolphinClient) -> None:
        self.run, self.client = run, client
        self._names: dict[int, dict[str, list[int]]] = {}
        self._elsewhere: dict[int, set[int] | None] = {}
        self._data_sources: set[int] | None = None
        self._asked = False

    def names_like(self, item: OperationItem) -> list[str]:
        """Return other names of the project that MySQL takes for the same: case and trailing blanks do not count."""
        if item.project_code not in self._names:
            alike: dict[str, list[int]] = defaultdict(list)
            rows = self.run.items.filter(project_code=item.project_code).values_list("workflow_code", "name")
            for code, name in rows:
                alike[name.rstrip().casefold()].append(code)
            self._names[item.project_code] = alike
        codes = self._names[item.project_code].get(item.name.rstrip().casefold(), [])
        others = self.run.items.filter(workflow_code__in=[code for code in codes if code != item.workflow_code])
        return list(others.values_list("name", flat=True)) if len(codes) > 1 else []

    def codes_of(self, project: int) -> set[int] | None:
        """Return the workflow codes of any project, None where DolphinScheduler does not tell."""
        if project not in self._elsewhere:
            try:
                self._elsewhere[project] = {int(row["code"]) for row in self.client.version_probe(project)}
            except DolphinRejected:
                self._elsewhere[project] = None
        return self._elsewhere[project]

    def data_sources(self) -> set[int] | None:
        """Return the ids of data sources, None where the token may not see them."""
        if not self._asked:
            self._asked = True
            try:
                self._data_sources = self.client.all_data_sources()
            except DolphinRejected:
                self._data_sources = None
        return self._data_sources


def take_stock(stock: Stock, item: OperationItem, live: Observation, schedules: list[Json]) -> InventoryRow:
    """Return what was found, not saved. Raises DolphinError."""
    workflow = governed_by_code([item.workflow_code]).get(item.workflow_code)
    row = InventoryRow(item=item, workflow=workflow, exists=live.raw is not None, snapshots=_snapshots(workflow))
    row.temporary = not row.snapshots and is_left_out(item)
    listing = item.listing
    row.changed_at, row.changed_by = str(listing.get("changed_at", ""))[:32], str(listing.get("changed_by", ""))[:255]
    row.upstream, row.downstream = listing.get("upstream", []), listing.get("downstream", [])
    if live.raw is not None:
        _describe(row, live, schedules)
    limits = _limits(stock.client, item, row, workflow)
    around = Surroundings(
        name=item.name,
        project=item.project_code,
        names_alike=stock.names_like(item),
        codes_of=stock.codes_of,
        data_sources=stock.data_sources,
    )
    found = find(live, schedules, around, limits, held=row.snapshots)
    row.limits, row.risks, row.level = limits.as_json(), [finding.as_json() for finding in found], gravest(found)
    return row


def _describe(row: InventoryRow, live: Observation, schedules: list[Json]) -> None:
    raw = live.raw or {}
    definition = raw.get("workflowDefinition") or raw.get("processDefinition") or {}
    tasks = raw.get("taskDefinitionList") or []
    row.online = definition.get("releaseState") == "ONLINE"
    row.dolphin_version = definition.get("version")
    row.changed_at = row.changed_at or str(definition.get("updateTime") or "")[:32]
    row.task_count = len(tasks)
    row.task_types = dict(Counter(str(task.get("taskType")) for task in tasks))
    if live.canonical is not None:
        row.size = live.canonical.size
        count_tables(row, live.canonical)
    row.schedules = len(schedules)
    if schedules:
        row.schedule_online = any(schedule.get("releaseState") == "ONLINE" for schedule in schedules)
        row.crontab = str(schedules[0].get("crontab") or "")[:255]


def _snapshots(workflow: Workflow | None) -> int:
    """Versions one can go back to: published ones."""
    return Snapshot.objects.for_workflow(workflow).published().count() if workflow else 0


def _limits(client: DolphinClient, item: OperationItem, row: InventoryRow, workflow: Workflow | None) -> Limits:
    held = held_versions(workflow) if workflow else set()
    try:
        row.versions_kept = client.versions_kept(item.project_code, item.workflow_code)
    except DolphinRejected:
        if row.exists:
            raise
        return Limits(row.snapshots)  # newer releases delete the log with the workflow
    return judge_limits(
        client, item, kept=row.versions_kept, live=row.dolphin_version, held=held, snapshots=row.snapshots
    )
