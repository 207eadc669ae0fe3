"""Pages of a project's webhooks: adding one, its delivery log, approve, test and end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.keyset import listed
from catalog.errors import InvalidRequest
from catalog.models import Project
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE, require
from catalog.say import say
from snapshotter.forms import WebhookForm
from snapshotter.models import WebhookEndpoint
from snapshotter.webhooks.add import add_webhook
from snapshotter.webhooks.address import may_send
from snapshotter.webhooks.approve import approve_webhook
from snapshotter.webhooks.end import end_webhook
from snapshotter.webhooks.ping import test_webhook

LOG = 100  # webhooks shown


@page
def webhooks(request: HttpRequest, pk: int) -> HttpResponse:
    """A project's webhooks; adding one shows its secret once."""
    project = get_object_or_404(Project.objects.visible_to(actor_of(request)).select_related("instance"), pk=pk)
    require(actor_of(request), MANAGE, project, event="webhook.refused")
    form = WebhookForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            _endpoint, secret = add_webhook(project, url=form.cleaned_data["url"], actor=actor_of(request))
        except InvalidRequest as error:
            form.add_error("url", say(str(error)))
        else:
            form = WebhookForm()
    rows = [{"endpoint": row, "may_send": may_send(row)} for row in project.webhooks.order_by("-id")[:LOG]]
    title = _("Webhooks of %(project)s") % {"project": project}
    return show(request, "snapshotter/webhooks.html", title, project=project, form=form, secret=secret, rows=rows)


@page
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook and what was sent to it, newest first."""
    endpoint = _endpoint(request, pk)
    require(actor_of(request), MANAGE, endpoint.project, event="webhook.refused")
    return show(
        request,
        "snapshotter/webhook.html",
        _("Webhook %(number)s") % {"number": pk},
        endpoint=endpoint,
        may_send=may_send(endpoint),
        listed=listed(request.GET, endpoint.deliveries.all(), by=("-id",)),
    )


@page
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """A superuser lets messages go to the address."""
    approve_webhook(_endpoint(request, pk), actor=actor_of(request))
    return _to(pk, request, _("The address is approved."))


@page
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a ping."""
    test_webhook(_endpoint(request, pk), actor=actor_of(request))
    return _to(pk, request, _("A ping is on its way; reload to see how it went."))


@page
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell it nothing any more."""
    end_webhook(_endpoint(request, pk), actor=actor_of(request))
    return _to(pk, request, _("The webhook was ended."))


def _endpoint(request: HttpRequest, pk: int) -> WebhookEndpoint:
    rows = WebhookEndpoint.objects.filter(project__in=Project.objects.visible_to(actor_of(request)))
    endpoint: WebhookEndpoint = get_object_or_404(rows.select_related("project__instance"), pk=pk)
    return endpoint


def _to(pk: int, request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(reverse("snapshotter:webhook", args=[pk]))
