"""Pages of alerts: what was told, and the rules by which. Superusers see all, who manages a project what is told of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.access import trail
from audit.actors import Actor, System
from audit.keyset import listed
from audit.record import record_refusal
from catalog.errors import InvalidRequest, NotAllowed
from catalog.models import Project
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE
from catalog.say import say
from operations.alerts.add_rule import add_rule
from operations.alerts.change_rule import change_rule
from operations.alerts.charge import require_charge
from operations.alerts.choices import Carries, Kind, State
from operations.alerts.end_rule import end_rule
from operations.alerts.forms import EVERYWHERE, RuleForm
from operations.alerts.models import AlertChannel, AlertDelivery, AlertRule
from operations.alerts.send_again import send_again

FOLDED = 200  # events of one message that its page names


@page
def deliveries(request: HttpRequest) -> HttpResponse:
    """What was told and is to be told, newest first; events that another message tells stand on that one's page."""
    actor = actor_of(request)
    _managed(actor)
    rows = AlertDelivery.objects.visible_to(actor).exclude(state=State.FOLDED)
    state = request.GET.get("state", "")
    if state in State.values:
        rows = rows.filter(state=state)
    found = listed(request.GET, rows.prefetch_related("channel", "rule"), by=("-id",))
    states = [(value, label) for value, label in State.choices if value != State.FOLDED]
    return _show(request, "deliveries", _("Alerts"), listed=found, states=states, filtered=bool(state))


@page
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: what it says, how its sending went, and which events it tells."""
    row = _delivery(request, pk)
    project = row.rule.project if row.rule else None
    require_charge(actor_of(request), project, event="alert.rule_refused", about=row.channel)
    title = Kind(row.kind).label if row.kind else Carries(row.carries).label
    folded = row.folded.order_by("-id")[:FOLDED]
    return _show(request, "delivery", str(title), row=row, folded=folded, ended=_has_ended(row))


@page
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message once more."""
    row = _delivery(request, pk)
    send_again(row, actor=actor_of(request))
    messages.success(request, _("The message is on its way; reload to see how it went."))
    return HttpResponseRedirect(reverse("alerts:delivery", args=[pk]))


@page
def rules(request: HttpRequest) -> HttpResponse:
    """The rules, and a form for another one."""
    actor = actor_of(request)
    projects = _managed(actor)
    form = RuleForm(
        request.POST or None,
        projects=projects,
        everywhere=_is_superuser(actor),
        initial={"project": request.GET.get("project", EVERYWHERE)},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["project"]
        project = next((row for row in projects if str(row.pk) == chosen), None)
        if _done(form, lambda: add_rule(project, form.values(), actor=actor)):
            messages.success(request, _("The rule counts from now on."))
            return HttpResponseRedirect(reverse("alerts:rules"))
    rows = AlertRule.objects.visible_to(actor).filter(ended_at=None).prefetch_related("project__instance", "channel")
    found = listed(request.GET, rows, by=("-id",))
    has_channel = AlertChannel.objects.in_use().exists()
    return _show(request, "rules", _("Alert rules"), listed=found, form=form, has_channel=has_channel)


@page
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule, to be changed or ended."""
    row = _rule(request, pk)
    require_charge(actor_of(request), row.project, event="alert.rule_refused", about=row)
    form = RuleForm(request.POST or None, instance=row)
    valid = request.method == "POST" and form.is_valid()
    if valid and _done(form, lambda: change_rule(row, form.values(), actor=actor_of(request))):
        messages.success(request, _("The rule was changed."))
        return HttpResponseRedirect(reverse("alerts:rules"))
    return _show(request, "rule", _("Alert rule %(name)s") % {"name": row.name}, rule=row, form=form)


@page
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a rule."""
    end_rule(_rule(request, pk), actor=actor_of(request))
    messages.success(request, _("The rule was ended."))
    return HttpResponseRedirect(reverse("alerts:rules"))


def _show(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    return show(request, f"operations/alerts/{name}.html", title, here=name, **context)


def _done(form: RuleForm, act: Any) -> bool:
    try:
        act()
    except InvalidRequest as error:
        field = error.extra.get("field")
        form.add_error(field if field in form.fields else None, say(str(error)))
        return False
    return True


def _managed(actor: Actor) -> list[Project]:
    """Return the projects the person may make rules for. Raises NotAllowed where these pages are none of theirs."""
    projects = list(Project.objects.allowed_to(actor, MANAGE).select_related("instance").order_by("pk"))
    if not projects and not _is_superuser(actor):
        record_refusal("alert.rule_refused", actor=actor, target=trail(), reason="manages no project")
        raise NotAllowed(_("Alerts are for those who manage a project."))
    return projects


def _is_superuser(actor: Actor) -> bool:
    return isinstance(actor, System) or actor.is_superuser


def _has_ended(row: AlertDelivery) -> bool:
    return row.state in (State.DELIVERED, State.GIVEN_UP) and row.channel.ended_at is None


def _delivery(request: HttpRequest, pk: int) -> AlertDelivery:
    rows = AlertDelivery.objects.in_sight_of(actor_of(request)).select_related("channel", "rule__project__instance")
    found: AlertDelivery = get_object_or_404(rows, pk=pk)
    return found


def _rule(request: HttpRequest, pk: int) -> AlertRule:
    rows = AlertRule.objects.in_sight_of(actor_of(request)).filter(ended_at=None).select_related("project__instance")
    found: AlertRule = get_object_or_404(rows, pk=pk)
    return found
