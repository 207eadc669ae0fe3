"""Which workflows fit the criteria: the versions to be taken back, and the one that was live right before the first of them.

A handful of queries, however many workflows: nothing is asked for one of them alone.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from audit.actors import Actor
from catalog.models import Workflow
from rollback.many.criteria import MOST_WORKFLOWS, Criteria
from snapshotter.choices import Trigger
from snapshotter.models import Snapshot
from versions.filters import SnapshotFilter

_LATELY: Final = timedelta(days=7)
_LOOKED_AT: Final = 200
PUBLISHED_BY_SOMEBODY: Final = (Trigger.API, Trigger.ADMIN)  # what was found in DolphinScheduler is nobody's publish
_FACTS: Final = ("id", "workflow", "version", "live_from", "published_by", "created_by_name", "message", "created_at")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`bad`: the versions that fit, oldest first; `later`: others that were live since the first of them; both without their contents.

    `target` None: none was live before; `had_earlier`: whether there is an older version at all.
    """

    workflow: Workflow
    bad: list[Snapshot]
    target: Snapshot | None
    had_earlier: bool
    later: list[Snapshot]


def candidates(criteria: Criteria, actor: Actor) -> tuple[list[Candidate], bool]:
    """Return (those of the first 500 workflows by key, whether there are more) among what the actor may see."""
    rows = _fitting(criteria, actor)
    keys = _keys(rows)
    is_more, keys = len(keys) > MOST_WORKFLOWS, keys[:MOST_WORKFLOWS]
    bad = _by_workflow(rows.filter(workflow__key__in=keys).order_by("version").only(*_FACTS))
    firsts = {key: min(found, key=_liveness) for key, found in bad.items()}
    before = _before(firsts)
    targets = Snapshot.objects.in_bulk([pk for pk, _earlier in before.values() if pk is not None])
    later = _later(firsts, bad)
    workflows = Workflow.objects.filter(key__in=keys).select_related("project__instance", "state__published")
    found = []
    for workflow in workflows.order_by("key"):
        target, had_earlier = before[workflow.key]
        found.append(
            Candidate(
                workflow=workflow,
                bad=bad[workflow.key],
                target=targets.get(target) if target is not None else None,
                had_earlier=had_earlier,
                later=later.get(workflow.key, []),
            )
        )
    return found, is_more


def recent_publishers(actor: Actor) -> list[str]:
    """Return who published lately among what the actor may see, by name, to be offered: the newest versions of a week are looked at."""
    since = timezone.now() - _LATELY
    rows = Snapshot.objects.listed_for(actor).filter(trigger__in=PUBLISHED_BY_SOMEBODY, created_at__gte=since)
    newest = rows.order_by("-created_at", "-id").values_list("published_by", "created_by_name")[:_LOOKED_AT]
    return sorted({named or account for named, account in newest})


def _fitting(criteria: Criteria, actor: Actor) -> "QuerySet[Snapshot]":
    """Versions that somebody published in the window. The names and texts are those of the lists of versions."""
    rows = Snapshot.objects.listed_for(actor).published().filter(trigger__in=PUBLISHED_BY_SOMEBODY)
    rows = rows.filter(created_at__gte=criteria.since, created_at__lt=criteria.until)
    if criteria.project is not None:
        rows = rows.filter(project=criteria.project)
    if criteria.workflows:
        rows = rows.filter(workflow__key__in=criteria.workflows)
    looking = SnapshotFilter()
    found: QuerySet[Snapshot] = rows
    if criteria.publisher:
        found = looking.by_publisher(found, "publisher", criteria.publisher)
    if criteria.text:
        found = looking.with_text(found, "text", criteria.text)
    return found


def _keys(rows: "QuerySet[Snapshot]") -> list[str]:
    found: Any = rows.order_by("workflow_id").values_list("workflow_id", flat=True).distinct()
    return [str(key) for key in found[: MOST_WORKFLOWS + 1]]


def _by_workflow(rows: "QuerySet[Snapshot]") -> dict[str, list[Snapshot]]:
    found: dict[str, list[Snapshot]] = defaultdict(list)
    for row in rows:
        found[row.workflow_id].append(row)
    return dict(found)


def _liveness(version: Snapshot) -> tuple[bool, Any, int]:
    """Order by when it was live; one whose time is not known comes last."""
    moment = version.live_from
    return (moment is None, moment.timestamp() if moment is not None else 0.0, version.version)


def _before(firsts: dict[str, Snapshot]) -> dict[str, tuple[int | None, bool]]:
    """Return {key: (the version live right before the first bad one, whether any older version exists)}."""
    mine = Snapshot.objects.filter(workflow=OuterRef("workflow"))
    live_before = mine.filter(live_from__lt=OuterRef("live_from")).order_by("-live_from", "-id").values("pk")[:1]
    rows = Snapshot.objects.filter(pk__in=[row.pk for row in firsts.values()])
    told = rows.annotate(
        before=Subquery(live_before), had_earlier=Exists(mine.filter(version__lt=OuterRef("version")))
    ).values_list("workflow", "before", "had_earlier")
    return {str(key): (before, had_earlier) for key, before, had_earlier in told}


def _later(firsts: dict[str, Snapshot], bad: dict[str, list[Snapshot]]) -> dict[str, list[Snapshot]]:
    """Return {key: versions that were live after the first bad one and do not fit themselves}, oldest first."""
    since = [row.live_from for row in firsts.values() if row.live_from is not None]
    if not since:
        return {}
    rows = Snapshot.objects.filter(workflow__in=list(firsts), live_from__gt=min(since)).only(*_FACTS)
    taken = {row.pk for versions in bad.values() for row in versions}
    found: dict[str, list[Snapshot]] = defaultdict(list)
    for row in rows.order_by(F("live_from"), "id"):
        first = firsts[row.workflow_id]
        if row.pk not in taken and first.live_from is not None and row.live_from > first.live_from:  # type: ignore[operator]  # filtered
            found[row.workflow_id].append(row)
    return dict(found)


def covering(workflows: list[Workflow]) -> Q:
    """Return the condition of quarantines that hold in one of these workflows."""
    return Q(workflow__in=workflows) | Q(workflow=None, project__in={workflow.project_id for workflow in workflows})
