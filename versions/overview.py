"""The start page in figures: how many workflows are in which state, each a filter of the list; and the latest versions."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from catalog.managers import WorkflowQuerySet, in_sight
from catalog.models import Instance, Project, Workflow
from snapshotter.choices import BEFORE_A_PUBLISH, LiveState
from snapshotter.models import Snapshot, WorkflowState

LATEST: Final = 8

# Worst first. A workflow may stand in more than one.
STATES: Final[dict[str, tuple[Promise, str, Q]]] = {
    "attention": (_("needs attention"), "bad", ~Q(state__attention="")),
    "missing": (_("missing in DS"), "bad", Q(state__live_state=LiveState.MISSING)),
    "corrupt": (_("corrupt in DS"), "bad", Q(state__live_state=LiveState.CORRUPT)),
    "drifted": (_("drifted"), "warn", Q(state__live_state=LiveState.DRIFTED)),
    "newer": (_("newer in DS"), "warn", Q(state__live_state=LiveState.NEWER)),
    "cannot_compare": (_("cannot compare"), "warn", Q(state__live_state=LiveState.CANNOT_COMPARE)),
    "failed": (_("last publish failed"), "bad", Q(state__failed_version=F("state__last_version"))),
    "changing": (_("changing"), "info", Q(state__lock__isnull=False, state__attention="")),
    "not_covered": (_("not covered"), "", Q(state__live_state=LiveState.NOT_COVERED)),
    "in_sync": (_("in sync"), "ok", Q(state__live_state=LiveState.IN_SYNC, state__attention="")),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """`state` is the list's filter, "" for all; `tone` the chip's colour."""

    state: str
    name: str | Promise
    tone: str
    count: int


def figures(actor: Actor) -> list[Figure]:
    """Return all workflows, then every state that some workflow is in. One query."""
    counts: dict[str, Any] = Workflow.objects.listed_for(actor).aggregate(
        all=Count("pk"),
        **{state: Count("pk", filter=condition) for state, (_name, _tone, condition) in STATES.items()},
    )
    found = [Figure("", _("workflows"), "", counts["all"])]
    found += [
        Figure(state, name, tone, counts[state]) for state, (name, tone, _condition) in STATES.items() if counts[state]
    ]
    return found


def choices() -> list[tuple[str, str | Promise]]:
    """Return the states in the order in which pages name them: from well to worse, then what a person must do."""
    order = (
        "in_sync",
        "drifted",
        "newer",
        "missing",
        "cannot_compare",
        "corrupt",
        "not_covered",
        "failed",
        "changing",
        "attention",
    )
    return [(state, STATES[state][0]) for state in order]


def in_state(workflows: WorkflowQuerySet, state: str) -> WorkflowQuerySet:
    """Return those in a state; an unknown one hides nothing."""
    return workflows.filter(STATES[state][2]) if state in STATES else workflows


def halted(actor: Actor) -> QuerySet[Instance]:
    """Return the instances of the actor's projects that are not called now; `checked_at` is since when, where they paused themselves."""
    mine = Project.objects.visible_to(actor).order_by().values("instance")
    return Instance.objects.filter(~Q(paused_because="") | Q(enabled=False), pk__in=mine)


def latest_versions(actor: Actor) -> QuerySet[Snapshot]:
    """Return the newest versions of any workflow the actor may see, but for what a publish kept before it overwrote it.

    Those of a few quiet projects may lie under a million of others: the pointers to what is published say how far down one has to look.
    """
    sight = in_sight(actor, for_list=True)
    rows = Snapshot.objects.filter(sight).exclude(trigger__in=BEFORE_A_PUBLISH)
    if sight:
        pointers = WorkflowState.objects.filter(in_sight(actor, "workflow__project"), published__isnull=False)
        furthest = pointers.order_by("-published").values_list("published", flat=True)[LATEST - 1 : LATEST].first()
        rows = rows.filter(pk__gte=furthest or 0)
    return rows.prefetch_related("workflow").order_by("-id")[:LATEST]
