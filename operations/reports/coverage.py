"""Coverage as it is now: of what is governed, and of what the newest inventories found online in DolphinScheduler."""

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from catalog.models import Project, Workflow
from operations.choices import RunKind, RunState
from operations.models import InventoryRow, OperationRun
from operations.reports.scope import Scope
from operations.reports.statistics import Number, ratio
from snapshotter.choices import LiveState
from snapshotter.models import WorkflowState


def coverage(scope: Scope) -> dict[str, Number]:
    """Present figures: what stood at an earlier moment is not kept."""
    workflows = Workflow.objects.order_by().filter(scope.of(), deleted_in_dolphin_at=None)
    found: dict[str, Number] = workflows.aggregate(
        workflows_governed=Count("pk"),
        workflows_covered=Count("pk", filter=Q(state__published__isnull=False)),
        workflows_in_sync=Count("pk", filter=Q(state__live_state=LiveState.IN_SYNC, state__published__isnull=False)),
    )
    found["coverage_share"] = ratio(found["workflows_covered"], found["workflows_governed"])
    found["online_seen"] = online(scope).count()
    found["online_uncovered"] = uncovered(scope).count()
    return found


def uncovered(scope: Scope) -> "QuerySet[InventoryRow]":
    """Workflows that the newest inventory of their project found online, without a published version then or now."""
    covered = WorkflowState.objects.filter(
        workflow__workflow_code=OuterRef("item__workflow_code"), published__isnull=False
    )
    return online(scope).filter(~Exists(covered), snapshots=0)


def online(scope: Scope) -> "QuerySet[InventoryRow]":
    """Workflows that were online, temporary ones left out."""
    mine = scope.of("item__project")
    if scope.sees_all and mine:
        mine |= Q(item__project=None)  # of the same instances, as the runs are
    rows = InventoryRow.objects.filter(_of_newest(scope), mine)
    return rows.filter(exists=True, online=True, temporary=False)


def newest(scope: Scope) -> "QuerySet[OperationRun]":
    """The runs that `uncovered` looks into, with the instance of each."""
    whole, single = _newest_ids(scope)
    runs = OperationRun.objects.filter(pk__in=[*whole.values(), *single.values()])
    return runs.select_related("instance", "project__instance").order_by("-finished_at")


def _of_newest(scope: Scope) -> Q:
    """Of an instance's newest run, but for projects that a newer run of their own looked at."""
    whole, single = _newest_ids(scope)
    found = Q(pk__in=[])
    for run in whole.values():
        newer = [project for (_instance, project), own in single.items() if own > run]
        found |= Q(item__run=run) & ~Q(item__project__in=newer)  # those of projects nobody governs stay
    own_runs = [own for (instance, _project), own in single.items() if own > whole.get(instance, 0)]
    return found | Q(item__run__in=own_runs)


def _newest_ids(scope: Scope) -> tuple[dict[int, int], dict[tuple[int, int], int]]:
    """Return {instance: run} of whole instances, and {(instance, project): run} of single projects. One query."""
    runs = OperationRun.objects.order_by().filter(kind=RunKind.INVENTORY, state=RunState.SUCCEEDED, workflow=None)
    if scope.projects is not None:
        mine = Project.objects.order_by().filter(pk__in=scope.projects).values("instance")
        runs = runs.filter(Q(project__in=scope.projects) | Q(project=None, instance__in=mine))
    whole: dict[int, int] = {}
    single: dict[tuple[int, int], int] = {}
    for instance, project, run in runs.values_list("instance", "project").annotate(run=Max("pk")):
        if project is None:
            whole[instance] = run
        else:
            single[instance, project] = run
    return whole, single
