"""Which workflows a run has to visit, by the cheap lists: one or two calls a project, never the list of all definitions."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from catalog.choices import Mode
from catalog.models import Project, Workflow
from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from operations.choices import RunKind
from operations.models import OperationItem, OperationRun

logger = logging.getLogger(__name__)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A project in DolphinScheduler, and our row where it is governed."""

    code: int
    name: str
    project: Project | None


def list_items(run: OperationRun, client: DolphinClient) -> tuple[list[OperationItem], list[str]]:
    """Return (items not saved yet, projects that could not be listed). Raises DolphinError where it is the run's only project."""
    items: list[OperationItem] = []
    problems: list[str] = []
    for place in _places(run, client):
        try:
            items += _of_place(run, client, place)
        except DolphinRejected as error:
            if run.project is not None:
                raise
            logger.warning("run=%s project=%s is left out: %s", run.pk, place.code, error)
            problems.append(f"{place.name} ({error.dolphin_code})")
    return items, problems


def _places(run: OperationRun, client: DolphinClient) -> list[Place]:
    if run.project is not None:
        return [Place(run.project.code, run.project.name, run.project)]
    governed = {project.code: project for project in Project.objects.filter(instance=run.instance)}
    if run.kind == RunKind.INVENTORY:
        return [Place(int(row["code"]), str(row["name"]), governed.get(row["code"])) for row in client.projects()]
    return [Place(code, row.name, row) for code, row in sorted(governed.items()) if row.mode != Mode.OFF]


def _of_place(run: OperationRun, client: DolphinClient, place: Place) -> list[OperationItem]:
    if run.workflow is not None:
        return [_item(run, place, run.workflow.workflow_code or 0, run.workflow.name, {})]
    listed = _inventory_rows(client, place) if run.kind == RunKind.INVENTORY else _plain_rows(client, place)
    items = [_item(run, place, code, name, listing) for code, (name, listing) in sorted(listed.items())]
    if run.kind != RunKind.BASELINE and place.project is not None:
        gone = place.project.workflows.exclude(workflow_code=None).exclude(workflow_code__in=list(listed))
        items += [_item(run, place, row.workflow_code or 0, row.name, {"missing": True}) for row in gone]
    return items


def _item(run: OperationRun, place: Place, code: int, name: str, listing: Json) -> OperationItem:
    return OperationItem(
        run=run,
        project=place.project,
        project_code=place.code,
        project_name=place.name[:255],
        workflow_code=code,
        name=name[:255],
        listing=listing,
    )


def _plain_rows(client: DolphinClient, place: Place) -> dict[int, tuple[str, Json]]:
    rows = client.version_probe(place.code)
    return {int(row["code"]): (str(row["name"]), {"version": row["version"]}) for row in rows}


def _inventory_rows(client: DolphinClient, place: Place) -> dict[int, tuple[str, Json]]:
    """The page list tells the last change. One doubled schedule takes it down for the whole project; then the probe serves."""
    try:
        rows = client.workflow_rows(place.code)
    except DolphinRejected as error:
        logger.info("project=%s: no page list (%s)", place.code, error.dolphin_code)
        rows = client.version_probe(place.code)
    upstream, downstream = _lineage(client, place)
    return {
        int(row["code"]): (
            str(row["name"]),
            {
                "version": row.get("version"),
                "changed_at": row.get("updateTime") or "",
                "changed_by": row.get("modifyBy") or row.get("userName") or "",
                "upstream": upstream[row["code"]],
                "downstream": downstream[row["code"]],
            },
        )
        for row in rows
    }


def _lineage(client: DolphinClient, place: Place) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    upstream: dict[int, list[int]] = defaultdict(list)
    downstream: dict[int, list[int]] = defaultdict(list)
    try:
        edges = client.lineage(place.code)
    except DolphinRejected:
        edges = []
    for source, target in sorted(set(edges)):
        upstream[target].append(source)
        downstream[source].append(target)
    return upstream, downstream


def governed_by_code(codes: list[int]) -> dict[int, Workflow]:
    """Return our rows of these workflow codes."""
    rows = Workflow.objects.filter(workflow_code__in=codes).select_related("project")
    return {row.workflow_code: row for row in rows if row.workflow_code is not None}
