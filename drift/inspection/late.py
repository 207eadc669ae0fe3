"""Which instances a reader knows, and which of them nobody has looked at in time. For pages."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from audit.actors import Actor
from catalog.models import Instance, Project
from drift.inspection.freshness import INTERVALS, Freshness, freshness
from drift.models import InspectionRun

MOST: Final = 20  # instances whose freshness a page tells


def freshness_of(actor: Actor) -> list[tuple[Instance, Freshness]]:
    """Return the instances of the actor's projects, the first few by name. One query where all were inspected in time."""
    if settings.SNAPSHOTTER["INSPECT_EVERY"] <= 0:
        return [(row, Freshness(row.last, why="off")) for row in _with_last(actor)]
    return [
        (row, freshness(row) if row.last is None or is_long_ago(row.last) else Freshness(row.last))
        for row in _with_last(actor)
    ]


def late_ones(actor: Actor) -> list[tuple[Instance, Freshness]]:
    """Return those that are not inspected in time. One query where all are: a start page asks."""
    if settings.SNAPSHOTTER["INSPECT_EVERY"] <= 0:
        return []
    suspects = [row for row in _with_last(actor) if is_long_ago(row.last or row.begun)]
    return [(row, found) for row in suspects if (found := freshness(row)).is_late]


def is_long_ago(moment: datetime | None) -> bool:
    """Whether so many intervals have passed since that somebody should have looked again; False where nobody ever has."""
    every = settings.SNAPSHOTTER["INSPECT_EVERY"]
    if moment is None or every <= 0:
        return False
    return moment + timedelta(seconds=INTERVALS * every) <= timezone.now()


def _with_last(actor: Actor) -> QuerySet[Any]:
    """With `last`, when an inspection last ended well, and `begun`, when the first ever began."""
    mine = Project.objects.visible_to(actor).order_by().values("instance")
    runs = InspectionRun.objects.filter(instance=OuterRef("pk"), project=None)
    done = runs.ended_well().order_by("-finished_at").values("finished_at")
    begun = runs.order_by("pk").values("started_at")
    rows = Instance.objects.filter(pk__in=mine).order_by("name")
    return rows.annotate(last=Subquery(done[:1]), begun=Subquery(begun[:1]))[:MOST]
