"""The page of a version's secret values: the answer to a POST, kept by nobody. A GET leads back to the version."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.errors import InvalidRequest
from catalog.pages import actor_of, page, show
from snapshotter.forms import ReasonForm
from versions.comparison import snapshot_named
from versions.reach import workflow_of
from versions.view_secrets import view_secrets


@page
def secrets(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Show the values to who may see them; a reload asks for the reason again."""
    workflow = workflow_of(request, key)
    snapshot = snapshot_named(workflow, str(number))
    if request.method != "POST":
        return HttpResponseRedirect(reverse("versions:version", args=[key, number]))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest(form.errors.as_text(), field="reason")
    found = view_secrets(snapshot, reason=form.cleaned_data["reason"], actor=actor_of(request))
    title = _("Secret values of %(name)s v%(number)s") % {"name": workflow.name, "number": number}
    response = show(request, "versions/secrets.html", title, workflow=workflow, snapshot=snapshot, secrets=found)
    response["Cache-Control"] = "no-store, private"
    return response
