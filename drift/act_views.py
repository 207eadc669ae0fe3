"""What a person does about a drift, and checking now. POST only; each leads back to where one sees what became of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actors import Actor
from catalog.errors import InvalidRequest
from catalog.pages import actor_of, page
from drift.acknowledge import acknowledge
from drift.adopt import adopt
from drift.assign import assign
from drift.check import check
from drift.forms import AssignForm, IgnoreForm, MuteForm, SaidForm
from drift.models import DriftItem
from drift.mute import mute
from drift.reach import item_of
from drift.rules.ignore import Field, ignore
from drift.unmute import unmute
from snapshotter.choices import LiveState
from versions.reach import workflow_of


@page
@require_POST
def acknowledge_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is seen."""
    said = _valid(SaidForm(request.POST))
    return _act(request, pk, lambda item, actor: acknowledge(item, actor=actor, reason=said["reason"]), _("Noted."))


@page
@require_POST
def assign_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to somebody, to oneself by the button, to nobody by an empty name."""
    name = request.user.get_username() if "mine" in request.POST else _valid(AssignForm(request.POST))["to"].strip()
    return _act(request, pk, lambda item, actor: assign(item, name=name, actor=actor), _("It is assigned."))


@page
@require_POST
def mute_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Be silent about it for a while."""
    form = MuteForm(request.POST)
    said = _valid(form)
    until = form.until()
    return _act(
        request, pk, lambda item, actor: mute(item, until=until, reason=said["reason"], actor=actor), _("It is muted.")
    )


@page
@require_POST
def unmute_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear of it again."""
    return _act(request, pk, lambda item, actor: unmute(item, actor=actor), _("It is heard again."))


@page
@require_POST
def adopt_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Make what DolphinScheduler holds the published version."""
    said, item = _valid(SaidForm(request.POST)), item_of(request, pk)
    sync = adopt(item, actor=actor_of(request), reason=said["reason"], seen=said["seen"])
    return HttpResponseRedirect(reverse("versions:sync", args=[sync.pk]))


@page
@require_POST
def ignore_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a field differ."""
    said, item = _valid(IgnoreForm(request.POST)), item_of(request, pk)
    field = Field(
        path=said["path"],
        reason=said["reason"],
        workflow=item.workflow if said["scope"] == "workflow" else None,
        expires_at=said["until"],
    )
    ignore(item.project, field, actor=actor_of(request))
    messages.success(request, _("The field is ignored."))
    return _to(item)


@page
@require_POST
def check_page(request: HttpRequest, key: str) -> HttpResponse:
    """Look at it in DolphinScheduler now; nothing there is changed."""
    workflow = workflow_of(request, key)
    found = check(workflow, actor=actor_of(request))
    if found.item is not None:
        messages.warning(request, _("It is not as it was published."))
        return _to(found.item)
    if found.judgement.live_state == LiveState.IN_SYNC:
        messages.success(request, _("Looked at just now: it is as it was published."))
    else:
        messages.warning(request, _("It can't be compared: %(why)s") % {"why": found.judgement.problem[1] or "–"})
    return HttpResponseRedirect(reverse("versions:workflow", args=[workflow.key]))


def _act(request: HttpRequest, pk: int, verb: Callable[[DriftItem, Actor], object], done: str) -> HttpResponse:
    item = item_of(request, pk)
    verb(item, actor_of(request))
    messages.success(request, done)
    return _to(item)


def _to(item: DriftItem) -> HttpResponse:
    return HttpResponseRedirect(reverse("drift:item", args=[item.pk]))


def _valid(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise InvalidRequest(form.errors.as_text())
    return form.cleaned_data
