"""The lists: workflows, and one workflow's versions. GET only."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.keyset import listed
from catalog.choices import Mode
from catalog.models import Project, Workflow
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE, PUBLISH, PUT_BACK, rights
from snapshotter.choices import LiveState, Status, Trigger
from snapshotter.gates.gates import freezes
from snapshotter.holder import holder_of
from snapshotter.put_back import GUARDS
from versions.filters import WorkflowFilter
from versions.next_fires import next_fires
from versions.overview import choices, quarantined_live
from versions.reach import workflow_of
from versions.since import PRESETS
from versions.slots import acts_of, panels_of
from versions.timeline import timeline

CHOICES = 200  # projects in a select; with more the search box does
FIRES_SHOWN = 10
FIRES_FOR = timedelta(days=7)
FREEZES_FOR = timedelta(hours=24)  # so long before it begins a freeze is told of


@page
def workflows(request: HttpRequest) -> HttpResponse:
    """All workflows the reader may see."""
    rows = Workflow.objects.listed_for(actor_of(request)).prefetch_related("project__instance", "state__published")
    filters = WorkflowFilter(request.GET, queryset=rows)
    found = listed(request.GET, filters.qs, by=("key",))
    fires = next_fires(workflow.state for workflow in found if hasattr(workflow, "state"))
    projects = list(Project.objects.visible_to(actor_of(request)).select_related("instance")[: CHOICES + 1])
    return show(
        request,
        "versions/workflows.html",
        _("Workflows"),
        listed=found,
        rows=[(workflow, fires.get(workflow.pk)) for workflow in found],
        projects=projects if len(projects) <= CHOICES else [],
        instances=sorted({project.instance.name: project.instance for project in projects}.items()),
        modes=Mode.choices,
        kept_out=set(quarantined_live()),
        states=choices(),
        problems=list(filters.form.errors),
        filtered=any(request.GET.get(name) for name in WorkflowFilter.Meta.fields),
    )


@page
def workflow(request: HttpRequest, key: str) -> HttpResponse:
    """One workflow and its versions, newest first, recovered ones last."""
    found = workflow_of(request, key)
    held = rights(actor_of(request), found.project)
    may_publish = PUBLISH in held
    holder = holder_of(found.state)
    history = timeline(found, request.GET, may_publish=may_publish)
    buttons = acts_of(found, actor_of(request), *history.listed)
    for row in history.rows:
        row.buttons = buttons.get(row.snapshot.pk, [])
    is_top = not history.is_filtered and not history.listed.newer
    frozen, ahead = freezes(found.project, FREEZES_FOR) if is_top else (None, None)
    return show(
        request,
        "versions/workflow.html",
        found.name,
        workflow=found,
        state=found.state,
        history=history,
        listed=history.listed,
        fire=next_fires([found.state]).get(found.pk),
        statuses=Status.choices,
        triggers=Trigger.choices,
        presets=PRESETS.items(),
        may_publish=may_publish,
        holder=holder,
        may_free=holder is not None and MANAGE in held,
        may_put_back=PUT_BACK in held
        and _can_be_put_back(found)
        and not GUARDS.why_not(found, None, actor_of(request)),
        fires=found.missed_fires.open().filter(due_at__gte=timezone.now() - FIRES_FOR)[:FIRES_SHOWN],
        frozen=frozen,
        freeze_ahead=ahead,
        panels=[] if history.is_filtered else panels_of(found),
    )


def _can_be_put_back(workflow: Workflow) -> bool:
    """Offered where the latest look found something else than the published version, and nobody is at work."""
    state = workflow.state
    is_off = state.live_state in (LiveState.DRIFTED, LiveState.NEWER, LiveState.CORRUPT, LiveState.CANNOT_COMPARE)
    return is_off and state.published_id is not None and state.lock_id is None and workflow.project.mode == Mode.PUBLISH
