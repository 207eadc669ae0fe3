"""Who else reads what a workflow writes, and who writes what it reads: published versions the reader may see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from audit.actors import Actor
from catalog.models import Workflow
from definitions.lineage.lineage import Table
from snapshotter.models import LineageTable, WorkflowState

LOOKED_UP: Final = 300  # tables a page asks for


@dataclass(frozen=True, slots=True, order=True)
class Neighbour:
    name: str
    key: str


Neighbours = dict[Table, list[Neighbour]]


def neighbours(
    workflow: Workflow, *, written: Iterable[Table], read: Iterable[Table], actor: Actor
) -> tuple[Neighbours, Neighbours]:
    """Return (readers of what is written, writers of what is read). Two queries; the workflow itself is not named."""
    asked = {False: _findable(written), True: _findable(read)}  # those who read what is written, and the reverse
    found: dict[bool, Neighbours] = {False: {}, True: {}}
    if not any(asked.values()):
        return found[False], found[True]
    states = WorkflowState.objects.filter(workflow__in=Workflow.objects.visible_to(actor)).exclude(workflow=workflow)
    published = states.exclude(published__lineage_digest__in=("", "-")).values("published__lineage_digest")
    rows = list(
        _rows(asked).filter(body__digest__in=published).values_list("body__digest", "is_write", "system", "name")
    )
    named = _workflows(states, {row[0] for row in rows})
    for digest, is_write, system, name in rows:
        table = Table(system, name)
        beside = named.get(digest, [])
        if table.is_of_source:  # a data source's number means something within one DolphinScheduler only
            beside = [(instance, other) for instance, other in beside if instance == workflow.project.instance_id]
        found[is_write].setdefault(table, []).extend(other for _, other in beside)
    for side in found.values():
        for listed in side.values():
            listed.sort()
    return found[False], found[True]


def _rows(asked: dict[bool, list[Table]]) -> QuerySet[LineageTable]:
    readers = LineageTable.objects.named(asked[False]).filter(is_write=False)
    writers = LineageTable.objects.named(asked[True]).filter(is_write=True)
    return readers | writers


def _workflows(states: QuerySet[WorkflowState], digests: set[str]) -> dict[str, list[tuple[int, Neighbour]]]:
    """Return (instance, workflow)s by digest."""
    found: dict[str, list[tuple[int, Neighbour]]] = {}
    rows = states.filter(published__lineage_digest__in=digests).values_list(
        "published__lineage_digest", "workflow__project__instance", "workflow__name", "workflow__key"
    )
    for digest, instance, name, key in rows if digests else ():
        found.setdefault(digest, []).append((instance, Neighbour(name, key)))
    return found


def beyond(*asked: Collection[Table]) -> int:
    """Return how many tables are more than is looked up: nobody is named for them."""
    return sum(max(0, sum(table.is_findable for table in tables) - LOOKED_UP) for tables in asked)


def _findable(tables: Iterable[Table]) -> list[Table]:
    return sorted(table for table in tables if table.is_findable)[:LOOKED_UP]
