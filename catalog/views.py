"""Pages beside the admin's own: testing an instance, governing its projects, service accounts of a project."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.choices import Mode
from catalog.errors import InvalidRequest, NotAllowed
from catalog.forms import GovernForm, TokenForm
from catalog.govern_project import govern_project
from catalog.models import Instance, Project
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE, require, require_superuser
from catalog.say import say
from catalog.service_accounts import issue_token, revoke_token, rotate_token, tokens_of
from catalog.test_connection import test_connection


@page
@require_POST
def test_instance(request: HttpRequest, pk: int) -> HttpResponse:
    """Test the connection and show what was found, with the projects that can be governed."""
    instance = get_object_or_404(Instance, pk=pk)
    report = test_connection(instance, actor=actor_of(request))
    governed = set(Project.objects.values_list("code", flat=True))
    return show(
        request,
        "catalog/connection.html",
        _("Connection of %(name)s") % {"name": instance.name},
        instance=instance,
        report=report,
        governed=governed,
        modes=Mode.choices,
    )


@page
@require_POST
def govern(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of the instance's projects under governance."""
    instance = get_object_or_404(Instance, pk=pk)
    require_superuser(actor_of(request), target=instance, event="instance.refused")
    form = GovernForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest(str(form.errors.as_text()))
    project = govern_project(
        instance,
        code=form.cleaned_data["code"],
        name=form.cleaned_data["name"],
        mode=Mode(form.cleaned_data["mode"]),
        actor=actor_of(request),
    )
    messages.success(request, _("%(project)s is governed now.") % {"project": project})
    return HttpResponseRedirect(reverse("admin:catalog_project_change", args=[project.pk]))


@page
def service_accounts(request: HttpRequest, pk: int) -> HttpResponse:
    """The tokens of service accounts that reach this project; making one shows it once."""
    project = get_object_or_404(Project.objects.visible_to(actor_of(request)), pk=pk)
    require(actor_of(request), MANAGE, project, event="service_account.refused")
    form = TokenForm(request.POST or None)
    token = ""
    if request.method == "POST" and form.is_valid():
        try:
            token = issue_token(**form.cleaned_data, project=project, actor=actor_of(request))
            form = TokenForm()
        except (InvalidRequest, NotAllowed) as error:
            form.add_error(str(error.extra.get("field") or "") or None, say(str(error)))
    return _accounts(request, project, form, token)


@page
@require_POST
def rotate(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    """Make a further token of an account and show it once; the former one stays until it is ended."""
    project = get_object_or_404(Project.objects.visible_to(actor_of(request)), pk=pk)
    row = get_object_or_404(tokens_of(project), digest=digest)
    token = ""
    try:
        token = rotate_token(row, project=project, actor=actor_of(request))
    except InvalidRequest as error:
        messages.error(request, say(str(error)))
    return _accounts(request, project, TokenForm(), token)


def _accounts(request: HttpRequest, project: Project, form: TokenForm, token: str) -> HttpResponse:
    return show(
        request,
        "catalog/service_accounts.html",
        _("Service accounts of %(project)s") % {"project": project},
        project=project,
        form=form,
        token=token,
        tokens=tokens_of(project),
    )


@page
@require_POST
def revoke(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    """End a token of a service account that reaches this project."""
    project = get_object_or_404(Project.objects.visible_to(actor_of(request)), pk=pk)
    row = get_object_or_404(tokens_of(project), digest=digest)
    revoke_token(row, project=project, actor=actor_of(request))
    messages.success(request, _("The token was ended."))
    return HttpResponseRedirect(reverse("catalog:service-accounts", args=[pk]))
