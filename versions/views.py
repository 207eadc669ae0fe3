"""The lists: workflows, and one workflow's versions. GET only."""

from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.keyset import listed
from catalog.choices import Mode
from catalog.models import Workflow
from catalog.pages import actor_of, page, show
from catalog.permissions import PUBLISH, may
from snapshotter.choices import LiveState, Status, Trigger
from snapshotter.models import ContentQuarantine, Snapshot
from versions.filters import SnapshotFilter
from versions.overview import STATES, in_state
from versions.reach import workflow_of
from versions.slots import panels_of

FIRES_SHOWN = 10
FIRES_FOR = timedelta(days=7)


@page
def workflows(request: HttpRequest) -> HttpResponse:
    """All workflows the reader may see."""
    text = request.GET.get("q", "").strip()
    rows = Workflow.objects.listed_for(actor_of(request)).prefetch_related("project__instance", "state__published")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(key__icontains=text))
    state = request.GET.get("state", "")
    rows = in_state(rows, state)
    found = listed(request.GET, rows, by=("key",))
    states = [(name, shown) for name, (shown, _tone, _condition) in STATES.items()]
    return show(request, "versions/workflows.html", _("Workflows"), listed=found, text=text, state=state, states=states)


@page
def workflow(request: HttpRequest, key: str) -> HttpResponse:
    """One workflow and its versions, newest first, recovered ones last."""
    found = workflow_of(request, key)
    filters = SnapshotFilter(request.GET, queryset=Snapshot.objects.for_workflow(found))
    versions = listed(request.GET, *filters.qs.youngest_first(), by=("-version",))
    return show(
        request,
        "versions/workflow.html",
        found.name,
        workflow=found,
        state=found.state,
        listed=versions,
        statuses=Status.choices,
        triggers=Trigger.choices,
        may_publish=may(actor_of(request), PUBLISH, found.project),
        may_put_back=_may_put_back(request, found),
        quarantined=set(ContentQuarantine.objects.open().covering(found).values_list("content_hash", flat=True)),
        fires=found.missed_fires.open().filter(due_at__gte=timezone.now() - FIRES_FOR)[:FIRES_SHOWN],
        panels=panels_of(found),
        filtered=any(request.GET.get(name) for name in SnapshotFilter.Meta.fields),
    )


def _may_put_back(request: HttpRequest, workflow: Workflow) -> bool:
    """Offered where the latest look found something else than the published version, and nobody is at work."""
    state = workflow.state
    is_off = state.live_state in (LiveState.DRIFTED, LiveState.CORRUPT, LiveState.CANNOT_COMPARE)
    is_free = state.published_id is not None and state.lock_id is None and workflow.project.mode == Mode.PUBLISH
    return is_off and is_free and may(actor_of(request), PUBLISH, workflow.project)
