"""Pages of channels: a superuser adds, tests and ends them, since they say which addresses we call."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.access import trail
from audit.keyset import listed
from catalog.errors import InvalidRequest
from catalog.pages import actor_of, page, show
from catalog.permissions import require_superuser
from catalog.say import say
from operations.alerts.add_channel import add_channel
from operations.alerts.choices import State
from operations.alerts.end_channel import end_channel
from operations.alerts.forms import ChannelForm
from operations.alerts.models import AlertChannel
from operations.alerts.test_channel import test_channel


@page
def channels(request: HttpRequest) -> HttpResponse:
    """All channels; adding a webhook shows its secret once."""
    _require(request)
    form = ChannelForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            row, secret = add_channel(**form.cleaned_data, actor=actor_of(request))
        except InvalidRequest as error:
            field = error.extra.get("field")
            form.add_error("address" if field == "url" else field, say(str(error)))
        else:
            if not secret:
                messages.success(request, _("The channel was added. Send it a test."))
                return _to(row.pk)
            form = ChannelForm()
    found = listed(request.GET, AlertChannel.objects.filter(ended_at=None), by=("-id",))
    return _show(request, "channels", _("Alert channels"), listed=found, form=form, secret=secret)


@page
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """One channel and what was sent to it, newest first."""
    row = _channel(request, pk)
    told = row.deliveries.exclude(state=State.FOLDED).prefetch_related("channel", "rule")
    title = _("Alert channel %(name)s") % {"name": row.name}
    return _show(request, "channel", title, channel=row, listed=listed(request.GET, told, by=("-id",)))


@page
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test."""
    test_channel(_channel(request, pk), actor=actor_of(request))
    messages.success(request, _("A test is on its way; reload to see how it went."))
    return _to(pk)


@page
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it nothing any more."""
    end_channel(_channel(request, pk), actor=actor_of(request))
    messages.success(request, _("The channel was ended."))
    return HttpResponseRedirect(reverse("alerts:channels"))


def _require(request: HttpRequest) -> None:
    require_superuser(actor_of(request), event="alert.channel_refused", target=trail())


def _channel(request: HttpRequest, pk: int) -> AlertChannel:
    _require(request)
    return get_object_or_404(AlertChannel, pk=pk)


def _to(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("alerts:channel", args=[pk]))


def _show(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    return show(request, f"operations/alerts/{name}.html", title, here=name, **context)
