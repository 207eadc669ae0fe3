"""Which instances a reader knows, and which of them nobody has looked at in time. For pages."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from audit.actors import Actor
from catalog.models import Instance, Project
from drift.freshness import INTERVALS, Freshness, freshness
from drift.models import InspectionRun

MOST: Final = 20  # instances whose freshness a page tells


def instances_of(actor: Actor) -> list[Instance]:
    """Return the instances of the actor's projects, the first few by name."""
    return list(_mine(actor)[:MOST])


def late_ones(actor: Actor) -> list[tuple[Instance, Freshness]]:
    """Return those that are not inspected in time. One query where all are: a start page asks."""
    if settings.SNAPSHOTTER["INSPECT_EVERY"] <= 0:
        return []
    runs = InspectionRun.objects.filter(instance=OuterRef("pk"), project=None)
    done = runs.ended_well().order_by("-finished_at").values("finished_at")
    rows = _mine(actor).annotate(last=Subquery(done[:1]), begun=Subquery(runs.order_by("pk").values("started_at")[:1]))
    suspects = [row for row in rows[:MOST] if is_long_ago(row.last or row.begun)]
    return [(row, found) for row in suspects if (found := freshness(row)).is_late]


def is_long_ago(moment: datetime | None) -> bool:
    """Whether so many intervals have passed since that somebody should have looked again; False where nobody ever has."""
    every = settings.SNAPSHOTTER["INSPECT_EVERY"]
    if moment is None or every <= 0:
        return False
    return moment + timedelta(seconds=INTERVALS * every) <= timezone.now()


def _mine(actor: Actor) -> QuerySet[Instance]:
    mine = Project.objects.visible_to(actor).order_by().values("instance")
    return Instance.objects.filter(pk__in=mine).order_by("name")
