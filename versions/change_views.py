"""What changed since a moment: in all workflows, newest first, and in one of them as a difference. GET only."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from audit.keyset import listed
from catalog.errors import NotFound
from catalog.models import Workflow
from catalog.pages import actor_of, page, show
from definitions.numbers import is_long
from snapshotter.choices import Status
from snapshotter.models import Snapshot
from versions.reach import workflow_of
from versions.since import PRESETS, beginning, live_at, moment_of


@page
def changes(request: HttpRequest) -> HttpResponse:
    """Versions of all workflows since a moment, newest first; those of a project, or up to a day, where the address says so."""
    name = request.GET.get("since") or "week"
    moment = moment_of(name) or moment_of(name := "week")
    rows = Snapshot.objects.listed_for(actor_of(request)).filter(created_at__gte=moment).prefetch_related("workflow")
    status = request.GET.get("status", "")
    if status in Status.values:
        rows = rows.filter(status=status)
    if (until := _day_after(request.GET.get("until", ""))) is not None:
        rows = rows.filter(created_at__lt=until)
    project = request.GET.get("project", "")
    if is_long(project):
        rows = rows.filter(project=int(project))
    found = listed(request.GET, rows, by=("-created_at", "-id"))
    return show(
        request,
        "versions/changes.html",
        _("What changed"),
        listed=found,
        since=name,
        moment=moment,
        presets=PRESETS.items(),
        statuses=Status.choices,
        status=status,
        until=request.GET.get("until", "") if until is not None else "",
        project=project,
    )


@page
def since(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Go to the difference of what was live then and what is published; say so where there is none. Raises NotFound."""
    found = workflow_of(request, key)
    moment = moment_of(name)
    if moment is None:
        raise NotFound
    then, now = live_at(found, moment), found.state.published
    if then is not None and now is not None and then.pk != now.pk:
        query = urlencode({"left": str(then.version), "right": "published"})
        return HttpResponseRedirect(f"{reverse('versions:diff', args=[found.key])}?{query}")
    return show(
        request,
        "versions/since.html",
        _("What changed in %(name)s") % {"name": found.name},
        workflow=found,
        moment=moment,
        then=then,
        now=now,
        is_older=then is None and Snapshot.objects.for_workflow(found).filter(created_at__lt=moment).exists(),
        first=_first_after(found, moment) if then is None else None,
        later=Snapshot.objects.for_workflow(found)
        .filter(created_at__gte=moment)
        .without_recovered()
        .latest_first()[:10],
        presets=PRESETS.items(),
        since=name,
    )


def _day_after(text: str) -> datetime | None:
    """Return the first moment after a day "2026-11-23"; None for anything else, presets too."""
    try:
        day = parse_date(text)
    except ValueError:  # as it is written, but no day
        return None
    return beginning(day + timedelta(days=1)) if day is not None and day.year < 9000 else None


def _first_after(workflow: Workflow, moment: datetime) -> Snapshot | None:
    """Return the oldest version that was live at all, to compare with instead."""
    mine = Snapshot.objects.for_workflow(workflow).published().without_recovered()
    return mine.filter(live_from__gt=moment).order_by("version").first()
