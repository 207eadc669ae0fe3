"""Pages of what holds publishes back: freeze windows, and the quarantine of a version's content."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actors import Actor, System
from audit.keyset import listed
from catalog.errors import InvalidRequest
from catalog.models import Instance, Project
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE
from catalog.say import say
from snapshotter.forms import FreezeForm, QuarantineForm
from snapshotter.gates.freeze import freeze
from snapshotter.gates.freeze_times import active_until
from snapshotter.gates.quarantine import quarantine
from snapshotter.gates.thaw import thaw
from snapshotter.gates.unquarantine import unquarantine
from snapshotter.models import ContentQuarantine, FreezeWindow, Snapshot


@page
def freezes(request: HttpRequest) -> HttpResponse:
    """All windows over what the reader may see, and a form for those who may freeze something."""
    actor = actor_of(request)
    managed = {row.pk: row for row in Project.objects.allowed_to(actor, MANAGE).select_related("instance")}
    scopes = _scopes(managed, actor)
    form = FreezeForm(request.POST or None, scopes=scopes)
    if request.method == "POST" and form.is_valid():
        try:
            freeze(_scoped(form, managed), actor=actor)
        except InvalidRequest as error:
            form.add_error(None, say(str(error)))
        else:
            messages.success(request, _("The freeze is set."))
            return HttpResponseRedirect(reverse("snapshotter:freezes"))
    rows = FreezeWindow.objects.listed_for(actor).prefetch_related("project__instance", "instance")
    windows_listed = listed(request.GET, rows, by=("-id",))
    now = timezone.now()
    windows = [
        {
            "window": row,
            "until": None if row.ended_at else active_until(row, now),
            "may_end": _may_end(row, managed, actor),
        }
        for row in windows_listed
    ]
    return show(
        request,
        "snapshotter/freezes.html",
        _("Freeze windows"),
        windows=windows,
        listed=windows_listed,
        form=form if scopes else None,
    )


@page
@require_POST
def end_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """End a window."""
    window = get_object_or_404(FreezeWindow.objects.visible_to(actor_of(request)), pk=pk)
    thaw(window, actor=actor_of(request))
    messages.success(request, _("The freeze is lifted."))
    return HttpResponseRedirect(reverse("snapshotter:freezes"))


@page
@require_POST
def quarantine_version(request: HttpRequest, snapshot_id: int) -> HttpResponse:
    """Keep a version's content from being published again."""
    rows = Snapshot.objects.visible_to(actor_of(request)).select_related("project__instance", "workflow")
    snapshot = get_object_or_404(rows, pk=snapshot_id)
    form = QuarantineForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest(_("A quarantine needs a reason."))
    quarantine(snapshot, **form.cleaned_data, actor=actor_of(request))
    messages.success(request, _("The content is in quarantine."))
    return HttpResponseRedirect(reverse("versions:version", args=[snapshot.workflow_id, snapshot.version]))


@page
@require_POST
def lift_quarantine(request: HttpRequest, pk: int, snapshot_id: int) -> HttpResponse:
    """Let a content be published again; back to the version one came from."""
    snapshot = get_object_or_404(Snapshot.objects.visible_to(actor_of(request)), pk=snapshot_id)
    rows = ContentQuarantine.objects.filter(project=snapshot.project_id, content_hash=snapshot.content_hash)
    unquarantine(
        get_object_or_404(rows.select_related("project__instance", "workflow"), pk=pk), actor=actor_of(request)
    )
    messages.success(request, _("The quarantine is lifted."))
    return HttpResponseRedirect(reverse("versions:version", args=[snapshot.workflow_id, snapshot.version]))


def _scopes(managed: dict[int, Project], actor: Actor) -> list[tuple[str, Any]]:
    scopes: list[tuple[str, Any]] = [(f"p{row.pk}", str(row)) for row in managed.values()]
    if _is_superuser(actor):
        scopes += [(f"i{row.pk}", _("all of %(instance)s") % {"instance": row}) for row in Instance.objects.all()]
        scopes.append(("all", _("everywhere")))
    return scopes


def _scoped(form: FreezeForm, managed: dict[int, Project]) -> FreezeWindow:
    """Return the form's window, unsaved. The choice was one of those offered to this person; the verb asks again."""
    window: FreezeWindow = form.save(commit=False)
    scope = form.cleaned_data["scope"]
    if scope.startswith("p"):
        window.project = managed[int(scope[1:])]
    elif scope.startswith("i"):
        window.instance = Instance.objects.get(pk=scope[1:])
    return window


def _may_end(window: FreezeWindow, managed: dict[int, Project], actor: Actor) -> bool:
    if window.ended_at is not None:
        return False
    return window.project_id in managed if window.project_id is not None else _is_superuser(actor)


def _is_superuser(actor: Actor) -> bool:
    return isinstance(actor, System) or actor.is_superuser
