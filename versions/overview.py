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
from snapshotter.models import ContentQuarantine, Snapshot, WorkflowState

LATEST: Final = 8
_MOST_QUARANTINES: Final = 1_000

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


QUARANTINED: Final = "quarantined"  # not a condition of one row: the few contents in quarantine are asked first
_NAMES: Final = {QUARANTINED: _("quarantined version live"), **{state: row[0] for state, row in STATES.items()}}


@dataclass(frozen=True, slots=True)
class Figure:
    """`state` is the list's filter, "" for all; `tone` the chip's colour."""

    state: str
    name: str | Promise
    tone: str
    count: int


def figures(actor: Actor) -> list[Figure]:
    """Return all workflows, then every state that some workflow is in. Two or three queries."""
    counts: dict[str, Any] = Workflow.objects.listed_for(actor).aggregate(
        all=Count("pk"),
        **{state: Count("pk", filter=condition) for state, (_name, _tone, condition) in STATES.items()},
    )
    found = [Figure("", _("workflows"), "", counts["all"])]
    if kept_out := Workflow.objects.listed_for(actor).filter(pk__in=quarantined_live()).count():
        found.append(Figure(QUARANTINED, _NAMES[QUARANTINED], "bad", kept_out))
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
        QUARANTINED,
        "failed",
        "changing",
        "attention",
    )
    return [(state, _NAMES[state]) for state in order]


def in_state(workflows: WorkflowQuerySet, state: str) -> WorkflowQuerySet:
    """Return those in a state; an unknown one hides nothing."""
    if state == QUARANTINED:
        return workflows.filter(pk__in=quarantined_live())
    return workflows.filter(STATES[state][2]) if state in STATES else workflows


def quarantined_live() -> list[int]:
    """Return the workflows whose published version is in quarantine; mostly there is none, and that costs one small query."""
    rows = list(ContentQuarantine.objects.open().values_list("content_hash", "workflow", "project")[:_MOST_QUARANTINES])
    if not rows:
        return []
    states = WorkflowState.objects.filter(published__content_hash__in={row[0] for row in rows})
    named = states.values_list("workflow", "published__content_hash", "workflow__project")
    kept_out = {(content, workflow) for content, workflow, _project in rows if workflow}
    everywhere = {(content, project) for content, workflow, project in rows if not workflow}
    return [pk for pk, content, project in named if (content, pk) in kept_out or (content, project) in everywhere]


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
