"""Who runs this workflow as a task, or waits for it: published versions of all governed workflows, by an index.

Only within one DolphinScheduler, where a code means something. Names that the reader may not see are counted, never told;
what is kept for others counts all that are of other projects.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from catalog.models import Project
from rollback.impact.findings import Finding, Weight, some
from rollback.impact.prospect import Prospect
from snapshotter.masking import masked_value
from snapshotter.models import ContentLineage, ContentReference, WorkflowState

SHOWN: Final = 50
_MOST_TASKS: Final = 5_000  # removed ones that are looked up


@dataclass(frozen=True, slots=True)
class Dependent:
    """`kind`: sub_workflow or dependency; `task` is its own task's name. `named_tasks`: ours that it waits for, where it names some."""

    key: str
    name: str
    project: str
    kind: str
    task: str
    named_tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dependents:
    """`seen` are the first few of those the reader may see, `more` further ones, `hidden` those the reader may not.

    `unread`: workflows whose published version no worker has looked at yet, so they may depend on it too. `near`: how many, of all, are of
    the workflow's own project; those come first among `seen`.
    """

    seen: tuple[Dependent, ...] = ()
    more: int = 0
    hidden: int = 0
    unread: int = 0
    near: int = 0

    @property
    def count(self) -> int:
        return len({row.key for row in self.seen}) + self.more + self.hidden


def dependents(prospect: Prospect) -> Dependents:
    """Return who depends on it. Six queries at most, whatever the number of workflows."""
    code = prospect.workflow.workflow_code
    unread = _unread(prospect)
    if code is None:
        return Dependents(unread=unread)
    return _found(prospect, ContentReference.objects.to(code), unread)


def waiting_for_removed(prospect: Prospect) -> Dependents:
    """Return those that wait for a task which the target does not have. Others name our tasks as DolphinScheduler does.

    Raises ContentDamaged.
    """
    removed = sorted(prospect.present_tasks.keys() - prospect.target_document.tasks.keys())[:_MOST_TASKS]
    code = prospect.workflow.workflow_code
    if code is None or not removed:
        return Dependents()
    named = [prospect.aliases.present_of(origin) for origin in removed]
    return _found(prospect, ContentReference.objects.to(code).filter(named_task__in=named), 0)


def _found(prospect: Prospect, references: QuerySet[ContentReference], unread: int) -> Dependents:
    states = _states(prospect).filter(published__content_hash__in=references.values("content_hash"))
    in_sight = set(Project.objects.visible_to(prospect.reader).values_list("pk", flat=True))
    rows = states.order_by("workflow__key").values_list("workflow__project", "published__content_hash", "workflow__key")
    own = prospect.workflow.project_id
    mine = sorted((row for row in rows if row[0] in in_sight), key=lambda row: row[0] != own)
    shown = mine[:SHOWN]
    seen = _named(prospect, references, dict.fromkeys(row[2] for row in shown), {row[1] for row in shown})
    near = sum(row[0] == own for row in rows)
    return Dependents(seen, len(mine) - len(shown), len(rows) - len(mine), unread, near)


def _states(prospect: Prospect) -> QuerySet[WorkflowState]:
    """Other workflows of the same DolphinScheduler that are there."""
    return WorkflowState.objects.filter(
        workflow__project__instance=prospect.workflow.project.instance_id, workflow__deleted_in_dolphin_at=None
    ).exclude(workflow=prospect.workflow)


def _named(
    prospect: Prospect, references: QuerySet[ContentReference], keys: Collection[str], contents: Collection[str]
) -> tuple[Dependent, ...]:
    tasks: dict[str, dict[tuple[str, str], set[int]]] = {}
    for row in references.filter(content_hash__in=contents) if contents else ():
        named = tasks.setdefault(row.content_hash, {}).setdefault((row.kind, row.task_name), set())
        named.update({row.named_task} - {0})
    found = []
    for state in (
        _states(prospect).filter(workflow__key__in=keys).select_related("workflow__project__instance", "published")
    ):
        content = state.published.content_hash if state.published else ""
        for (kind, task), codes in sorted(tasks.get(content, {}).items()):
            workflow = state.workflow
            ours = tuple(_task_name(prospect, code) for code in sorted(codes))
            found.append(
                Dependent(
                    workflow.key, masked_value(workflow.name), workflow.project.scope, kind, masked_value(task), ours
                )
            )
    return tuple(sorted(found, key=lambda row: (row.key, row.kind, row.task)))


def _task_name(prospect: Prospect, code: int) -> str:
    task = prospect.present_tasks.get(prospect.aliases.tasks.get(code, code)) or {}
    name: str = masked_value(str(task.get("name", code)))
    return name


def _unread(prospect: Prospect) -> int:
    behind = ContentLineage.objects.filter(Q(has_references=None) | Q(has_references=False)).values("content_hash")
    states = _states(prospect).exclude(published=None)
    return (
        states.filter(published__lineage_digest="").count()
        + states.exclude(published__lineage_digest="").filter(published__content_hash__in=behind).count()
    )


def dependent_findings(prospect: Prospect, found: Dependents, without: Dependents) -> Iterator[Finding]:
    """`without`: those that wait for a task which goes. Somebody must agree only where they would wait in vain, or fail."""
    if without.count:
        yield Finding("dependent_task_removed", Weight.ACKNOWLEDGE, _values(without), _kept(prospect, without))
    if found.count:
        weight = Weight.ACKNOWLEDGE if prospect.online_now and not prospect.online_after else Weight.NOTE
        yield Finding("dependents", weight, _values(found), _kept(prospect, found))


def _values(found: Dependents) -> dict[str, object]:
    names = list(dict.fromkeys(row.name for row in found.seen))
    return {"names": some(names), "count": found.count, "hidden": found.hidden}


def _kept(prospect: Prospect, found: Dependents) -> dict[str, object]:
    """The same for a reader who sees the workflow's project only."""
    own = prospect.workflow.project.scope
    names = list(dict.fromkeys(row.name for row in found.seen if row.project == own))
    return {"names": some(names), "count": found.count, "hidden": found.count - found.near}
