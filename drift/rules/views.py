"""The page of ignored fields: which, where, why, until when; and ending one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actors import Actor
from audit.keyset import listed
from catalog.pages import actor_of, page, show
from catalog.permissions import may
from drift.models import IgnoreRule
from drift.reach import hide_names
from drift.rules.end import end_rule
from drift.rules.ignore import right_for


@page
def rules(request: HttpRequest) -> HttpResponse:
    """All fields that are or were ignored in what the reader may see, newest first."""
    actor = actor_of(request)
    rows = IgnoreRule.objects.listed_for(actor).prefetch_related("project__instance", "workflow")
    found = listed(request.GET, rows, by=("-id",))
    hide_names(found, actor)
    return show(
        request, "drift/rules.html", _("Ignored fields"), listed=found, rows=[_row(rule, actor) for rule in found]
    )


@page
@require_POST
def end_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a field count again."""
    rows = IgnoreRule.objects.visible_to(actor_of(request)).select_related("project__instance", "workflow")
    end_rule(get_object_or_404(rows, pk=pk), actor=actor_of(request))
    messages.success(request, _("The field counts again."))
    return HttpResponseRedirect(reverse("drift:rules"))


def _row(rule: IgnoreRule, actor: Actor) -> dict[str, Any]:
    is_over = rule.expires_at is not None and rule.expires_at <= timezone.now()
    in_force = rule.ended_at is None and not is_over
    return {
        "rule": rule,
        "in_force": in_force,
        "may_end": in_force and may(actor, right_for(rule.workflow), rule.project),
    }
