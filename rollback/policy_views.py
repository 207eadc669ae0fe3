"""The page of a project's rules of approval: in words for everybody who sees the project, a form for who manages them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.errors import InvalidRequest
from catalog.models import Project
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE_POLICY, may, require
from catalog.say import say
from rollback.forms import PolicyForm
from rollback.policy import able, policy_of
from rollback.set_policy import set_policy


@page
def policy_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How a rollback of the project's workflows is approved."""
    actor = actor_of(request)
    project = get_object_or_404(Project.objects.visible_to(actor).select_related("instance"), pk=pk)
    policy = policy_of(project)
    missing = _missing(policy.approver_groups)
    form: Any = PolicyForm(instance=policy)
    if request.method == "POST":
        require(actor, MANAGE_POLICY, project, event="policy.refused")
        form = PolicyForm(request.POST, instance=policy_of(project))
        if form.is_valid() and _set(project, form, request):
            return HttpResponseRedirect(reverse("rollback:policy", args=[project.pk]))
    return show(
        request,
        "rollback/policy.html",
        _("Rules of approval of %(project)s") % {"project": project},
        project=project,
        policy=policy,
        missing=missing,
        able=found if (found := able(policy)) < policy.approvals_needed else None,
        form=form if may(actor, MANAGE_POLICY, project) else None,
    )


def _set(project: Project, form: Any, request: HttpRequest) -> bool:
    try:
        set_policy(project, form.cleaned_data, actor=actor_of(request), reason=form.cleaned_data["reason"])
    except InvalidRequest as error:
        form.add_error(None, say(str(error)))
        return False
    messages.success(request, _("The rules are set."))
    return True


def _missing(names: list[str]) -> list[str]:
    """Return the groups that the rules name and that are gone: nobody is in them."""
    known = {name for name, _label in PolicyForm().fields["approver_groups"].choices}  # type: ignore[attr-defined]
    return [name for name in names if name not in known]
